import { join } from 'node:path'
import { expect, it } from 'vitest'
import { prepare, recipe, engine as reference, setUp } from '../../test/support/small-training.js'
import type { Values } from '../engine/engine.js'
import type { Checkpoint } from '../runs/formats/checkpoint.js'
import type { RecordedRun } from '../runs/formats/record.js'
import { trainedRun } from '../runs/trained-model.js'
import { Interrupted, train } from './loop.js'
import { nodeHost } from './node-host.js'
import type { TrainingStore } from './store.js'
import { trainRun } from './train-run.js'

/** Keeps everything in memory, as a browser might in a storage of its own. */
function memoryStore(run: RecordedRun) {
  const kept = {
    checkpoint: null as Checkpoint | null,
    weights: new Map<string, ReadonlyMap<string, Values>>(),
  }
  const calls: string[] = []
  const store: TrainingStore = {
    run,
    check: async () => {},
    loadCheckpoint: async () => kept.checkpoint,
    saveCheckpoint: async (checkpoint) => {
      kept.checkpoint = structuredClone(checkpoint)
    },
    checkpointNote: 'It is in memory.',
    resumeNote: 'Call it again.',
    writeHistory: async (rows) => void calls.push(`history ${rows.length}`),
    writeWeights: async (which, values) => void kept.weights.set(which, structuredClone(values)),
    openEvents: async (step) => ({
      chunk: async () => {},
      epoch: async (done) => void calls.push(`epoch at ${done} from ${step}`),
      close: async () => void calls.push('closed'),
    }),
    close: async () => {},
  }
  return { store, kept, calls }
}

it('a training in another store than a folder is stopped, goes on and ends with the same weights', async () => {
  const { folder, dataset } = await setUp()
  const held = { ...recipe, holdOut: 0.2, average: 0.9 }
  const run = await prepare(join(folder, 'run'), dataset, { recipe: held })
  const { store, kept, calls } = memoryStore(run)
  const common = { host: nodeHost, dataset, engine: reference, chunkSteps: 3 }
  const stop = new AbortController()
  let chunks = 0
  const stopped = train({
    ...common,
    store,
    signal: stop.signal,
    onProgress: () => void (++chunks === 5 && stop.abort()),
  })
  await expect(stopped).rejects.toThrow(new Interrupted('Stopped with a checkpoint. Call it again.'))
  expect(kept.checkpoint?.position).toMatchObject({ epoch: 1, step: 4 })
  expect(kept.weights.has('model')).toBe(false)
  const { history } = await train({ ...common, store })
  expect(history).toHaveLength(3)
  expect(calls).toEqual([
    ...['history 1', 'epoch at 10 from 0', 'closed'],
    ...['history 1', 'history 2', 'epoch at 20 from 14', 'history 3', 'epoch at 30 from 14', 'closed'],
  ])
  const whole = await trainRun({ run, dataset, engine: reference })
  const figures = (rows: typeof history) => rows.map(({ seconds: _, ...row }) => row)
  expect(figures(history)).toEqual(figures(whole.history))
  expect(kept.weights.get('model')).toEqual(await (await trainedRun(run)).readWeights())
  expect(kept.weights.get('best')).toEqual(await (await trainedRun(run, 'best')).readWeights())
})

it('a training that diverges says what its store has kept', async () => {
  const { folder, dataset } = await setUp()
  const schedule = { ...recipe.schedule, learningRate: Number.MAX_VALUE }
  const run = await prepare(join(folder, 'run'), dataset, { recipe: { ...recipe, schedule } })
  const { store } = memoryStore(run)
  await expect(train({ store, host: nodeHost, dataset, engine: reference })).rejects.toThrow(
    /expected a finite loss, received NaN or infinity\. It is in memory\. Lower the learning rate/,
  )
})
