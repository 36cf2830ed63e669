/** What helps when a training goes wrong: fewer or fixed batches, dry runs, event files. */
import { readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { engine, prepare, recipe, setUp, stopAfter } from '../../test/support/small-training.js'
import { openRun, type RunFolder } from '../runs/run-folder.js'
import { dryRun } from './dry-run.js'
import { trainingSubset } from './subsets.js'
import { trainRun } from './train-run.js'

describe('limited batches', () => {
  test('make short epochs and a schedule that fits them, and are in the record', async () => {
    const { folder, dataset } = await setUp()
    const cosine = { ...recipe, schedule: { ...recipe.schedule, kind: 'cosine', final: 0.1 } } as const
    const run = await prepare(join(folder, 'run'), dataset, { recipe: cosine, limitBatches: 2 })
    expect((await openRun(run.directory)).record.limitBatches).toBe(2)
    const { history } = await trainRun({ run, dataset, engine })
    expect(history).toHaveLength(3)
    expect(history[2]?.learning_rate).toBeCloseTo(0.001, 10)
  })

  test('survive a resumption: the same weights come out', async () => {
    const { folder, dataset } = await setUp()
    const whole = await prepare(join(folder, 'whole'), dataset, { limitBatches: 4 })
    await trainRun({ run: whole, dataset, engine })
    const halted = await prepare(join(folder, 'halted'), dataset, { limitBatches: 4 })
    await stopAfter(2, { run: halted, dataset, engine })
    await trainRun({ run: await openRun(halted.directory), dataset, engine })
    const weights = (run: RunFolder) => readFile(join(run.directory, 'model.safetensors'))
    expect(await weights(halted)).toEqual(await weights(whole))
  })
})

describe('overfitted batches', () => {
  test('are drawn by the seed, kept in their order, and learnt by heart', async () => {
    const { folder, dataset } = await setUp()
    const longer = { ...recipe, epochs: 150 }
    const run = await prepare(join(folder, 'run'), dataset, { recipe: longer, overfitBatches: 2 })
    expect(run.record).toMatchObject({ overfitBatches: 2, trainImages: 16 })
    const { train: drawn } = trainingSubset(dataset, run.record)
    expect(new Set(drawn).size).toBe(16)
    expect(trainingSubset(dataset, { ...run.record, seed: 2 }).train).not.toEqual(drawn)
    const { history } = await trainRun({ run, dataset, engine })
    expect(history.at(-1)?.accuracy).toBe(1)
    expect(history.at(-1)?.loss).toBeLessThan(0.05)
  })

  test('are all the images where there are no more', async () => {
    const { folder, dataset } = await setUp()
    const run = await prepare(join(folder, 'run'), dataset, { overfitBatches: 1000 })
    expect(run.record.trainImages).toBe(100)
    expect(trainingSubset(dataset, run.record).train).toHaveLength(100)
  })
})

test('a dry run does it all and keeps nothing', async () => {
  const { dataset } = await setUp()
  vi.stubEnv('TMPDIR', await temporaryFolder())
  onTestFinished(() => void vi.unstubAllEnvs())
  const leftovers = async () =>
    (await readdir(tmpdir())).filter((name) => name.startsWith('atelier-dry-run-'))
  const before = await leftovers()
  const held = { ...recipe, holdOut: 0.2 }
  const found = await dryRun(dataset, engine, (directory) => prepare(directory, dataset, { recipe: held }))
  expect(await leftovers()).toEqual(before)
  expect(found).toMatchObject({ trainImages: 80, heldOutImages: 20, stepsPerEpoch: 10, steps: 30, epochs: 3 })
  expect(found.loss).toBeGreaterThan(0.5)
  expect(found.validationAccuracy).toBeGreaterThanOrEqual(0)
  // 25 x 12 + 12 + 12 x 3 + 3 weights of 4 bytes, with two moments each.
  expect(found.memory.persistent).toBe(3 * 4 * (25 * 12 + 12 + 12 * 3 + 3))
  expect(found.secondsPerEpoch).toBeGreaterThan(0)
  expect(found.seconds).toBeCloseTo(3 * found.secondsPerEpoch, 9)

  const controller = new AbortController()
  const stopped = dryRun(
    dataset,
    engine,
    (directory) => {
      controller.abort()
      return prepare(directory, dataset)
    },
    controller.signal,
  )
  await expect(stopped).rejects.toThrow('Nothing was kept')
  expect(await leftovers()).toEqual(before)
})

test('a dry run of one step tells its speed', async () => {
  const { dataset } = await setUp()
  const short = { recipe: { ...recipe, epochs: 1 }, overfitBatches: 1 }
  const found = await dryRun(dataset, engine, (directory) => prepare(directory, dataset, short))
  expect(found.steps).toBe(1)
  expect(found.imagesPerSecond).toBeGreaterThan(0)
  expect(found.seconds).toBeGreaterThan(0)
})

describe('event files', () => {
  test('hold every column of the history, over the steps done', async () => {
    const { folder, dataset } = await setUp()
    const held = { ...recipe, holdOut: 0.2 }
    const run = await prepare(join(folder, 'run'), dataset, { recipe: held })
    const { history } = await trainRun({ run, dataset, engine, tensorboard: true })
    const [events] = await eventsOf(run)
    expect(events?.[0]).toEqual({ step: 0, version: 'brain.Event:2' })
    const epochs = events?.filter(({ scalars }) => scalars?.epoch !== undefined) ?? []
    expect(epochs.map(({ step }) => step)).toEqual([10, 20, 30])
    epochs.forEach(({ scalars }, i) => {
      const row = Object.entries(history[i] ?? {})
      expect(scalars).toEqual(
        Object.fromEntries(row.map(([name, value]) => [name, Math.fround(value as number)])),
      )
    })
    const chunks = events?.filter(({ scalars }) => scalars?.['step/loss'] !== undefined) ?? []
    expect(chunks.at(-1)?.step).toBe(30)
  })

  test('go on in a new file when the run is resumed, and take back what is done again', async () => {
    const { folder, dataset } = await setUp()
    const run = await prepare(join(folder, 'run'), dataset)
    await stopAfter(1, { run, dataset, engine, tensorboard: true })
    await trainRun({ run, dataset, engine })
    const [, resumed] = await eventsOf(run)
    const [version, restart, first] = resumed ?? []
    expect(version?.version).toBe('brain.Event:2')
    expect(restart?.restart).toBe(true)
    expect(first?.step).toBeGreaterThanOrEqual(restart?.step ?? Number.POSITIVE_INFINITY)
    expect(resumed?.at(-1)).toMatchObject({ step: 39, scalars: { epoch: 3 } })
  })

  test('of a run without a checkpoint are taken back whole', async () => {
    const { folder, dataset } = await setUp()
    const run = await prepare(join(folder, 'run'), dataset)
    await stopAfter(1, { run, dataset, engine, tensorboard: true })
    await rm(join(run.directory, 'last.safetensors'))
    await trainRun({ run, dataset, engine })
    const [, resumed] = await eventsOf(run)
    expect(resumed?.[1]).toMatchObject({ restart: true, step: 1 })
  })

  test('are not written unless asked for', async () => {
    const { folder, dataset } = await setUp()
    const run = await prepare(join(folder, 'run'), dataset)
    await trainRun({ run, dataset, engine })
    expect(await readdir(run.directory)).not.toContain('tensorboard')
  })
})

interface ReadEvent {
  step: number
  version?: string
  restart?: boolean
  scalars?: Record<string, number>
}

/** The events of each file, the oldest first; checksums are the goldens' affair. */
async function eventsOf(run: RunFolder): Promise<ReadEvent[][]> {
  const folder = join(run.directory, 'tensorboard')
  const names = (await readdir(folder)).sort((a, b) => counterOf(a) - counterOf(b))
  return Promise.all(names.map(async (name) => readEvents(await readFile(join(folder, name)))))
}

const counterOf = (name: string): number => Number(name.split('.').at(-1))

function readEvents(bytes: Buffer): ReadEvent[] {
  const events: ReadEvent[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at))
    events.push(readEvent(bytes.subarray(at + 12, at + 12 + length)))
    at += 16 + length
  }
  return events
}

function readEvent(message: Buffer): ReadEvent {
  const event: ReadEvent = { step: 0 }
  for (const [field, value] of fieldsOf(message)) {
    if (field === 2) event.step = value as number
    if (field === 3) event.version = String(value)
    if (field === 7) event.restart = true
    if (field === 5) {
      const scalars = fieldsOf(value as Buffer).map(([, scalar]) => fieldsOf(scalar as Buffer))
      event.scalars = Object.fromEntries(
        scalars.map(([tag, number]) => [String(tag?.[1]), number?.[1] as number]),
      )
    }
  }
  return event
}

/** Protocol buffers' fields: a number, or the bytes of a string or message. */
function fieldsOf(bytes: Buffer): [field: number, value: number | Buffer][] {
  let at = 0
  const varint = (): number => {
    let [value, scale] = [0, 1]
    for (;;) {
      const byte = bytes[at++] as number
      value += (byte & 127) * scale
      if (byte < 128) return value
      scale *= 128
    }
  }
  const read = (wireType: number): number | Buffer => {
    if (wireType === 0) return varint()
    const length = wireType === 1 ? 8 : wireType === 5 ? 4 : varint()
    at += length
    if (wireType === 1) return bytes.readDoubleLE(at - 8)
    return wireType === 5 ? bytes.readFloatLE(at - 4) : bytes.subarray(at - length, at)
  }
  const fields: [number, number | Buffer][] = []
  while (at < bytes.length) {
    const key = varint()
    fields.push([Math.floor(key / 8), read(key % 8)])
  }
  return fields
}
