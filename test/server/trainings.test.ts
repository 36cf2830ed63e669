/** Trainings over the HTTP API of a server in its own process: followed, halted, resumed, and through its death. */
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readSafetensors } from '../../src/checkpoint/safetensors.js'
import type {
  StartTraining,
  Training,
  TrainingDetail,
  TrainingEvents,
  TrainingList,
} from '../../src/server/schemas/trainings.js'
import type { TrainingProgress } from '../../src/train/progress.js'
import { writeDataset } from '../support/idx.js'
import { EventStream, exchange, type RunningServer, startServer, until } from '../support/server.js'

/** Images of one training; with batches of one an epoch takes a fraction of a second. */
const IMAGES = 1500
/** Too many epochs to end by themselves; few enough to end soon; and enough to be killed before. */
const LONG = ['batch=1', 'epochs=1000']
const SHORT = ['batch=1', 'epochs=8']
const LONGER = ['batch=1', 'epochs=20']

let folder: string
let runs: string
let server: RunningServer | null = null
let count = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-test-'))
  await writeDataset(join(folder, 'data'), { trainCount: IMAGES, testCount: 100 })
})
afterEach(async () => {
  const running = server
  server = null
  if (running?.process.exitCode === null && running.process.signalCode === null) await running.end('SIGTERM')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function serve(): Promise<RunningServer> {
  server = await startServer('--runs', runs, '--data', join(folder, 'data'))
  return server
}

/** A server with a folder of runs of its own. */
function serveAnew(): Promise<RunningServer> {
  runs = join(folder, `runs-${++count}`)
  return serve()
}

const post = (path: string, body?: unknown) =>
  fetch(`${server?.url}/api/trainings${path}`, {
    method: 'POST',
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })

async function start(set: string[], more: Partial<StartTraining> = {}): Promise<Training> {
  const answer = await post('', { model: 'nn', set, ...more })
  expect(answer.status).toBe(201)
  return answer.json() as Promise<Training>
}

const detail = async (id: string) =>
  (await (await fetch(`${server?.url}/api/trainings/${id}`)).json()) as TrainingDetail

const states = async () => {
  const { trainings } = (await (await fetch(`${server?.url}/api/trainings`)).json()) as TrainingList
  return Object.fromEntries(trainings.map(({ id, state }) => [id, state]))
}

const untilState = (id: string, state: Training['state']): Promise<TrainingDetail> =>
  until(`${id} is ${state}`, async () => {
    const now = await detail(id)
    if (now.state === 'failed' && state !== 'failed') throw new Error(`${now.error}: ${now.log.join('\n')}`)
    return now.state === state ? now : null
  })

const follow = (path = '') => EventStream.open(`${server?.url}/api/trainings${path}/events`)

const progressFrom = (events: EventStream, fits: (progress: TrainingProgress) => boolean, from = 0) =>
  events
    .find<TrainingEvents['progress']>('progress', ({ progress }) => fits(progress), from)
    .then(({ progress }) => progress)

/** Of the training that runs, as the server keeps it. */
async function pidOf(id: string): Promise<number> {
  const queue = JSON.parse(await readFile(join(runs, '.trainings', 'queue.json'), 'utf8'))
  return queue.trainings.find((entry: { id: string }) => entry.id === id).pid
}

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function checkpointOf(id: string): Promise<{ epoch: number; step: number }> {
  const { metadata } = await readSafetensors(join(runs, id, 'last.safetensors'))
  return JSON.parse(metadata.position ?? '')
}

/** Steps since the beginning; the epochs of a progress count from 1, those of a checkpoint from 0. */
const stepsOf = ({ epoch, step }: { epoch: number; step: number }, first = 1): number =>
  (epoch - first) * IMAGES + step

describe('a training', { timeout: 600_000 }, () => {
  it('is followed, paused, resumed and stopped, and the next one gets its turn', async () => {
    await serveAnew()
    const events = await follow()
    expect(await events.find('trainings')).toEqual({ trainings: [] })
    const first = await start(LONG)
    const second = await start(SHORT, { seed: 2 })
    expect(second.state).toBe('queued')
    const before = await progressFrom(events, ({ epoch }) => epoch >= 2)
    expect(before).toMatchObject({ epochs: 1000, steps: IMAGES })
    const { epoch } = await events.find<TrainingEvents['epoch']>('epoch')
    expect(epoch).toMatchObject({ epoch: 1, loss: expect.any(Number), accuracy: expect.any(Number) })

    // A second tab sees what the first one sees, at once and afterwards.
    const other = await follow()
    expect(
      (await other.find<TrainingList>('trainings')).trainings.map(({ id, state }) => [id, state]),
    ).toEqual([
      [first.id, 'running'],
      [second.id, 'queued'],
    ])
    expect((await post(`/${first.id}/pause`)).status).toBe(200)
    await untilState(first.id, 'paused')
    await until('both tabs agree', () => {
      const [a, b] = [events, other].map((tab) => tab.last<TrainingList>('trainings')?.trainings)
      return a?.[0]?.state === 'paused' && JSON.stringify(a) === JSON.stringify(b)
    })
    // It keeps its turn.
    expect((await states())[second.id]).toBe('queued')
    expect((await post(`/${first.id}/pause`)).status).toBe(409)

    const halted = await checkpointOf(first.id)
    expect(stepsOf(halted, 0)).toBeGreaterThanOrEqual(stepsOf(before))
    const from = other.events.length
    expect((await post(`/${first.id}/resume`)).status).toBe(200)
    expect((await post(`/${first.id}/resume`)).status).toBe(409)
    const after = await progressFrom(other, () => true, from)
    expect(stepsOf(after)).toBeGreaterThan(stepsOf(halted, 0))

    expect((await post(`/${first.id}/stop`)).status).toBe(200)
    await untilState(first.id, 'stopped')
    const finished = await untilState(second.id, 'finished')
    expect(finished.history.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 8 }, (_, i) => i + 1))
    expect(finished.testAccuracy).toBeGreaterThan(0.5)
    expect((await fetch(`${server?.url}/v2/models/${second.id}/ready`)).status).toBe(200)
    events.close()
    other.close()
  })

  it('is followed by itself, to the end', async () => {
    await serveAnew()
    const { id } = await start(SHORT)
    const events = await follow(`/${id}`)
    expect((await events.find<TrainingDetail>('training')).id).toBe(id)
    const end = await events.find<TrainingDetail>('training', ({ state }) => state === 'finished')
    expect(end.history.length).toBe(8)
    expect(end.error).toBeNull()
    events.close()
    expect((await fetch(`${server?.url}/api/trainings/no-such/events`)).status).toBe(404)
    expect((await fetch(`${server?.url}/api/trainings/events`, { method: 'HEAD' })).status).toBe(404)
  })

  it('does not mind followers that vanish or do not read', async () => {
    const { port, url } = await serveAnew()
    const { id } = await start(LONG)
    const events = await follow()
    const deaf = Array.from({ length: 20 }, () => {
      const asked = request(`${url}/api/trainings/events`)
      asked.on('error', () => undefined)
      asked.on('response', (response) => response.pause())
      asked.end()
      return asked
    })
    const head = `GET /api/trainings/${id}/events HTTP/1.1\r\nHost: localhost\r\n\r\n`
    for (let i = 0; i < 20; i++) await exchange(port, head, (text) => text.includes('event: training'))
    const from = events.events.length
    const progress = await progressFrom(events, () => true, from)
    for (const asked of deaf) asked.destroy()
    await progressFrom(events, ({ epoch }) => epoch > progress.epoch, from)
    expect((await post(`/${id}/stop`)).status).toBe(200)
    await events.find<TrainingList>('trainings', ({ trainings }) => trainings[0]?.state === 'stopped', from)
    events.close()
  })
})

describe('after kill -9', { timeout: 600_000 }, () => {
  it('of the server, the training stops with a checkpoint, and goes on from there', async () => {
    const killed = await serveAnew()
    const { id } = await start(LONGER)
    const events = await follow()
    const seen = await progressFrom(events, ({ epoch }) => epoch >= 2)
    const pid = await pidOf(id)
    expect(isThere(pid)).toBe(true)
    await killed.end('SIGKILL')
    const last = events.last<TrainingEvents['progress']>('progress')?.progress ?? seen
    await until('the training has ended', () => !isThere(pid))
    const halted = await checkpointOf(id)
    expect(stepsOf(halted, 0)).toBeGreaterThanOrEqual(stepsOf(last))
    expect(existsSync(join(runs, id, 'model.safetensors'))).toBe(false)

    await serve()
    expect(await states()).toEqual({ [id]: 'interrupted' })
    const again = await follow()
    expect((await post(`/${id}/resume`)).status).toBe(200)
    const first = await progressFrom(again, () => true)
    expect(stepsOf(first)).toBeGreaterThan(stepsOf(halted, 0))
    expect(first.epoch).toBeLessThanOrEqual(halted.epoch + 2)
    const finished = await untilState(id, 'finished')
    expect(finished.history.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    again.close()
  })

  it('of the server while the training starts, it stops too', async () => {
    const killed = await serveAnew()
    const { id } = await start(LONG)
    const pid = await until('the training has a process', () => pidOf(id))
    await killed.end('SIGKILL')
    await until('the training has ended', () => !isThere(pid))
    await serve()
    expect(await states()).toEqual({ [id]: 'interrupted' })
    const events = await follow()
    await post(`/${id}/resume`)
    await progressFrom(events, () => true)
    events.close()
  })

  it('of both, what was done since the last checkpoint is lost and no more', async () => {
    const killed = await serveAnew()
    const { id } = await start(LONGER)
    const waiting = await start(SHORT, { seed: 2 })
    await until('there is a checkpoint', () => existsSync(join(runs, id, 'last.safetensors')))
    const kept = await checkpointOf(id)
    const pid = await pidOf(id)
    // It is not to see that the training died.
    killed.process.kill('SIGSTOP')
    process.kill(pid, 'SIGKILL')
    await killed.end('SIGKILL')
    await until('the training has ended', () => !isThere(pid))

    await serve()
    expect(await states()).toEqual({ [id]: 'interrupted', [waiting.id]: 'queued' })
    const events = await follow()
    await post(`/${id}/resume`)
    const first = await progressFrom(events, () => true)
    expect(stepsOf(first)).toBeGreaterThan(stepsOf(kept, 0))
    const finished = await untilState(id, 'finished')
    expect(finished.history.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    await until('the next one has its turn', async () => (await states())[waiting.id] !== 'queued')
    events.close()
  })
})

describe.each(['SIGINT', 'SIGTERM'] as const)('at %s', (signal) => {
  it('the server lets the training write its checkpoint and answers what it accepted', {
    timeout: 600_000,
  }, async () => {
    const { end, url } = await serveAnew()
    const { id } = await start(LONG)
    const events = await follow()
    const seen = await progressFrom(events, () => true)
    const pid = await pidOf(id)
    const data = Array.from({ length: 32 * 784 }, (_, i) => (i % 255) / 255)
    const input = { name: 'pixel_values', shape: [32, 1, 28, 28], datatype: 'FP32', data }
    const infer = () =>
      fetch(`${url}/v2/models/cnn/infer`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ inputs: [input] }),
      })
    expect((await infer()).status).toBe(200)
    const asked = Array.from({ length: 20 }, infer)
    await until('the predictions are accepted', async () => {
      const metrics = await (await fetch(`${url}/metrics`)).text()
      const [, waiting] = /^atelier_images_waiting (\d+)$/m.exec(metrics) ?? []
      const [, done] = /^atelier_images_total\{model="cnn"\} (\d+)$/m.exec(metrics) ?? []
      return Number(waiting) + Number(done) >= 21 * 32
    })
    const ended = end(signal)
    const answers = await Promise.all(asked)
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(await ended).toBe(0)
    expect(isThere(pid)).toBe(false)
    expect(events.ended).toBe(true)
    expect(stepsOf(await checkpointOf(id), 0)).toBeGreaterThanOrEqual(stepsOf(seen))
    await serve()
    expect(await states()).toEqual({ [id]: 'interrupted' })
  })
})
