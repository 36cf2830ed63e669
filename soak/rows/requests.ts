/** Malformed and nearly right requests to a server, made from its own OpenAPI document. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { formatCount } from '#atelier/core/format.js'
import { isInOwnWords } from '../fuzz/reader.js'
import { writeNoise } from '../lib/noise-data.js'
import type { Held, Row, Trial } from '../lib/row.js'
import { type Server, startServer } from '../lib/server.js'
import { type Answer, Client, jsonBody } from '../requests/client.js'
import { type Operation, operationsOf, problemOf, type Request, requestsFor } from '../requests/operations.js'

export const requests: Row = {
  name: 'requests',
  title:
    'requests made wrong or nearly right from `/openapi.json`, the binary tensor extension and clients that leave among them, 8 at a time: none is without an answer for two minutes, no answer is a 5xx but a 503 with `Retry-After`, each error says why in our own words, no training really starts, and memory grows by no more than 5 % in the second half',
  rounds: 100_000,
  unit: 'requests',
  run: sendAll,
}

const AT_ONCE = 8
/** The second half's memory over the first's. */
const MOST_GROWTH = 1.05
/** Requests between two looks at the memory. */
const WATCHED_EVERY = 500
/** Of each operation, made at once: more would fill this process. */
const BATCH = 100

interface Sent {
  readonly operation: Operation
  readonly request: Request
}

async function sendAll({ rounds, seed, folder, progress }: Trial): Promise<Held> {
  writeNoise(join(folder, 'data'), { train: 1000, test: 100, side: 28, classes: 10 })
  const server = await startServer(folder, '--threads', '1', '--data', join(folder, 'data'))
  const client = new Client(server.port, AT_ONCE)
  const watch = new Watch(server, rounds, progress)
  const ids = await holdTheTurn(client)
  await loadModels(client)
  const operations = operationsOf(await client.json({ path: '/openapi.json' }))
  const made = requestsOf(operations, rounds, seed, ids)
  const work = async (): Promise<void> => {
    for (let next = made.next(); !next.done && server.isRunning(); next = made.next()) {
      await watch.before()
      const { operation, request } = next.value
      const answer = await client.ask(request)
      watch.take(operation, request, answer)
      await keepFromTraining(client, operation, answer)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  client.close()
  const code = await server.stop()
  if (code !== 0) watch.found(`the server ended with ${code}`)
  const runs = readdirSync(join(folder, 'runs'), { withFileTypes: true })
  const trained = runs.filter((entry) => !entry.name.startsWith('.')).length - 1
  if (trained !== 0) watch.found(`${trained} trainings were really started`)
  return watch.outcome(operations.length)
}

/** The operations in turn. */
function* requestsOf(
  operations: readonly Operation[],
  count: number,
  seed: number,
  ids: readonly string[],
): Generator<Sent, undefined> {
  let sent = 0
  for (let batch = 0; ; batch++) {
    const made = operations.map((operation, i) =>
      requestsFor(operation, BATCH, seed + i + batch * operations.length, ids),
    )
    for (let k = 0; k < BATCH; k++) {
      for (const [i, operation] of operations.entries()) {
        if (sent++ >= count) return undefined
        yield { operation, request: made[i]?.[k] as Request }
      }
    }
  }
}

/** Counts answers, keeps those that must not be, and looks at the server's memory. */
class Watch {
  private readonly failures: string[] = []
  private readonly statuses = new Map<string, number>()
  private sent = 0
  private wrong = 0
  private early = 0
  private late = 0

  constructor(
    private readonly server: Server,
    private readonly all: number,
    private readonly progress: Trial['progress'],
  ) {}

  async before(): Promise<void> {
    const number = this.sent++
    if (number % WATCHED_EVERY !== 0) return
    const memory = await this.server.memory()
    if (number < this.all / 2) this.early = Math.max(this.early, memory)
    else this.late = Math.max(this.late, memory)
    this.progress(`${formatCount(number)} sent, ${this.failures.length} failed, ${memory.toFixed(0)} MB`)
  }

  take(operation: Operation, request: Request, { status, text, headers }: Answer): void {
    const kind = typeof status === 'number' ? `${Math.floor(status / 100)}xx` : status
    this.statuses.set(kind, (this.statuses.get(kind) ?? 0) + 1)
    const problem =
      typeof status === 'number'
        ? problemOf(status, text, headers['retry-after'] !== undefined, isInOwnWords)
        : status === 'left'
          ? null
          : status
    if (problem === null) return
    this.wrong++
    const { path, body } = request
    const shown = `${path.slice(0, 300)} ${body?.type ?? ''} ${body?.bytes.toString('latin1', 0, 300) ?? ''}`
    this.found(`${operation.method} ${operation.path}: ${problem}\n  ${shown}\n  ${text.slice(0, 300)}`)
  }

  found(what: string): void {
    this.failures.push(what)
  }

  outcome(operations: number): Held {
    const { early, late, sent } = this
    const memory = `${early.toFixed(0)} MB at most in the first half, ${late.toFixed(0)} MB in the second`
    if (late > MOST_GROWTH * early) this.found(`memory: ${memory}`)
    const kinds = [...this.statuses].sort().map(([kind, count]) => `${formatCount(count)} ${kind}`)
    const seen = `${operations} operations: ${kinds.join(', ')}; ${memory}`
    return { held: sent - this.wrong, rounds: sent, seen, failures: this.failures }
  }
}

/** What was accepted waits behind the one that holds its turn, until it is stopped. */
async function keepFromTraining(
  client: Client,
  { method, path }: Operation,
  { status, text }: Answer,
): Promise<void> {
  if (method !== 'POST' || !path.startsWith('/api/trainings') || status !== 201) return
  await client.ask({ method: 'POST', path: `/api/trainings/${JSON.parse(text).id}/stop` })
}

/** A paused training keeps its turn, so that none that is accepted later is ever run; the ids of some that wait. */
async function holdTheTurn(client: Client): Promise<string[]> {
  const start = async (seed: number): Promise<string> => {
    const body = jsonBody({ model: 'nn', seed, set: ['batch=1', 'epochs=10000'] })
    return (await client.json({ method: 'POST', path: '/api/trainings', body })).id
  }
  const id = await start(0)
  const state = () => client.json({ path: `/api/trainings/${id}` })
  while ((await state()).progress === null) await wait(50)
  await client.ask({ method: 'POST', path: `/api/trainings/${id}/pause` })
  while ((await state()).state !== 'paused') await wait(50)
  const waiting: string[] = []
  for (let seed = 1; seed <= 5; seed++) waiting.push(await start(seed))
  return waiting
}

/** All that a request for every model loads is there before memory is watched: few requests come to it early. */
async function loadModels(client: Client): Promise<void> {
  const data = Array(784).fill(0)
  const inputs = [{ name: 'pixel_values', shape: [1, 1, 28, 28], datatype: 'FP32', data }]
  for (const model of ['nn', 'dnn', 'cnn', 'resnet50']) {
    await client.ask({ method: 'POST', path: `/v2/models/${model}/infer`, body: jsonBody({ inputs }) })
  }
}
