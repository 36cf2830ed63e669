import { join } from 'node:path'
import { expect, it } from 'vitest'
import { memoryStore } from '../../test/support/memory-store.js'
import { prepare, recipe, engine as reference, setUp } from '../../test/support/small-training.js'
import { trainedRun } from '../runs/trained-model.js'
import { Interrupted, train } from './loop.js'
import { nodeHost } from './node-host.js'
import { trainRun } from './train-run.js'

it('a training in another store than a folder is stopped, goes on and ends with the same weights', async () => {
  const { folder, dataset } = await setUp()
  const held = { ...recipe, holdOut: 0.2, average: 0.9 }
  const run = await prepare(join(folder, 'run'), dataset, { recipe: held })
  const { store, kept } = memoryStore(run)
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
  expect(kept.checkpoint?.position).toMatchObject({ epoch: 1, step: 3 })
  expect(kept.weights.has('model')).toBe(false)
  const { history } = await train({ ...common, store })
  expect(history).toHaveLength(3)
  expect(kept.calls).toEqual([
    ...['history 1', 'epoch at 10 from 0', 'closed'],
    ...['history 1', 'history 2', 'epoch at 20 from 13', 'history 3', 'epoch at 30 from 13', 'closed'],
  ])
  const whole = await trainRun({ run, dataset, engine: reference })
  const figures = (rows: typeof history) => rows.map(({ seconds: _, images_per_second: __, ...row }) => row)
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
