/**
 * Malformed and nearly right requests to a server on a real socket, made from its own OpenAPI document:
 * `npm run fuzz:api -- [--requests N] [--seed N]`. Exits 1 where the server crashed, hung, grew without bounds, or
 * answered with another 5xx than a full queue's 503. The same seed makes the same requests.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { type Body, bodyFor, type Content } from './lib/fuzz-bodies.js'
import { oddText, type Schema, valueFor } from './lib/fuzz-values.js'
import { root } from './lib/shell.mjs'

/** What is read of an operation of the server's OpenAPI document. */
interface Described {
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
}
interface Parameter {
  readonly name: string
  readonly in: string
  readonly schema: Schema
}
interface Operation extends Described {
  readonly path: string
  readonly method: string
}
interface Request {
  readonly path: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Body | null
  /** The client goes before its body is whole. */
  readonly leaves?: boolean
}
/** The status, or what came in place of an answer. */
interface Answer {
  readonly status: number | string
  readonly text: string
  readonly headers: IncomingHttpHeaders
}

const AT_ONCE = 8
const HANG_MS = 10_000
/** What the process may grow by in the second half of the requests. */
const GROWTH = 256 * 2 ** 20
const MODELS = ['nn', 'nn', 'dnn', 'cnn']

const { values } = parseArgs({ options: { requests: { type: 'string' }, seed: { type: 'string' } } })
const requests = Number(values.requests ?? 10_000)
const seed = Number(values.seed ?? Date.now() % 2 ** 31)
const main = join(root, 'dist', 'cli', 'main.js')
if (!existsSync(main))
  throw new Error('The server is not built: expected dist/cli/main.js. Run npm run build')

const folder = mkdtempSync(join(tmpdir(), 'atelier-fuzz-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))

const findings: string[] = []
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
/** Trainings that wait: the one whose turn it is is left alone. */
const ids: string[] = []
const server = await startServer()
process.on('exit', () => server.process.kill('SIGKILL'))
const runs = join(folder, 'runs')
await holdTheTurn()
await loadModels()

const document = (await ask({ path: '/openapi.json' })).text
const { paths }: { paths: Record<string, Record<string, Described>> } = JSON.parse(document)
const operations: Operation[] = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    ...operation,
    path,
    method: method.toUpperCase(),
  })),
)
const each = Math.ceil(requests / operations.length)
const made = operations.map((operation, i) =>
  fc.sample(requestFor(operation), { seed: seed + i, numRuns: each }),
)
const queue = Array.from({ length: each }, (_, k) =>
  operations.map((operation, i) => ({ operation, sent: made[i]![k]! })),
).flat()
process.stdout.write(`${queue.length} requests to ${operations.length} operations, seed ${seed}\n\n`)

const statuses = new Map(operations.map((operation) => [operation, new Map<number | string, number>()]))
const began = performance.now()
let [next, early, late]: [number, number, number] = [0, 0, 0]
await Promise.all(Array.from({ length: AT_ONCE }, work))
report(await residentMemory())
server.process.kill('SIGTERM')
await once(server.process, 'close')
if (server.process.exitCode !== 0) found('the server', `ended with ${server.process.exitCode}`)
const started = readdirSync(runs, { withFileTypes: true }).filter((entry) => !entry.name.startsWith('.'))
if (started.length !== 1) found('trainings', `${started.length - 1} were really started`)
for (const finding of findings.slice(0, 20)) process.stdout.write(`${finding}\n`)
process.stdout.write(`${findings.length} findings\n`)
process.exitCode = findings.length > 0 ? 1 : 0

async function work(): Promise<void> {
  while (next < queue.length && server.process.exitCode === null) {
    const number = next++
    const { operation, sent } = queue[number]!
    if (number % Math.ceil(queue.length / 40) === 0) await watchMemory(number)
    const answer = await ask({ ...sent, method: operation.method })
    const known = statuses.get(operation)!
    known.set(answer.status, (known.get(answer.status) ?? 0) + 1)
    check(operation, sent, answer)
    await keepFromTraining(operation, answer)
  }
}

function check({ method, path }: Operation, sent: Request, { status, text, headers }: Answer): void {
  const shown = `${method} ${sent.path.slice(0, 300)} ${sent.body?.type ?? ''} ${sent.body?.bytes.toString('latin1', 0, 300) ?? ''}`
  const problem = (what: string) => found(`${method} ${path}`, `${what}\n  ${shown}\n  ${text.slice(0, 300)}`)
  if (typeof status !== 'number') {
    if (status !== 'left') problem(status)
  } else if (status >= 500 && !(status === 503 && headers['retry-after'])) problem(`status ${status}`)
  else if (status >= 400 && !saysWhy(text)) problem(`status ${status} without an error that says why`)
}

function saysWhy(text: string): boolean {
  try {
    return typeof JSON.parse(text).error === 'string'
  } catch {
    return false
  }
}

function found(where: string, what: string): void {
  findings.push(`FOUND ${where}: ${what}`)
}

/** What was accepted waits behind the one that holds its turn, until it is stopped. */
async function keepFromTraining({ method, path }: Operation, { status, text }: Answer): Promise<void> {
  if (method !== 'POST' || !path.startsWith('/api/trainings') || status !== 201) return
  const { id } = JSON.parse(text)
  await ask({ method: 'POST', path: `/api/trainings/${id}/stop` })
}

async function watchMemory(number: number): Promise<void> {
  const now = await residentMemory()
  if (number < queue.length / 2) early = Math.max(early, now)
  else late = Math.max(late, now)
  if (late > early + GROWTH)
    found(
      'memory',
      `${megabytes(now)} after ${number} requests, at most ${megabytes(early)} in the first half`,
    )
}

async function residentMemory(): Promise<number> {
  const { text } = await ask({ path: '/metrics' })
  return Number(/^process_resident_memory_bytes (\d+)/m.exec(text)?.[1])
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`
}

/** Requests for an operation of the document. */
function requestFor({ path, method, parameters, requestBody }: Operation): fc.Arbitrary<Request> {
  const inPath = parameters.filter((one) => one.in === 'path')
  const inQuery = parameters.filter((one) => one.in === 'query')
  const valuesOf = (list: readonly Parameter[]) =>
    fc.record(Object.fromEntries(list.map((one) => [one.name, parameterFor(path, one)])))
  const optional = fc.record(Object.fromEntries(inQuery.map((one) => [one.name, parameterFor(path, one)])), {
    requiredKeys: [],
  })
  const odd = fc.oneof(
    { weight: 9, arbitrary: fc.constant('') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('?', '?&&=', '?a=1', '?limit=1&limit=2', '?__proto__=1', '?%', '/', '//'),
    },
  )
  const headers = fc.constantFrom<Readonly<Record<string, string>>[]>(
    {},
    {},
    {},
    { accept: 'x' },
    { 'if-none-match': '"x"' },
    { range: 'bytes=9-1' },
    { 'accept-encoding': '*;q=0' },
  )
  return fc
    .record({
      inPath: valuesOf(inPath),
      inQuery: optional,
      odd,
      headers,
      body: requestBody ? bodyFor(requestBody.content) : fc.constant(null),
      leaves: fc.integer({ min: 1, max: 40 }).map((n) => n === 1 && method === 'POST'),
    })
    .map(({ inPath, inQuery, odd, ...rest }) => {
      const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => escaped(inPath[name]))
      const query = Object.entries(inQuery).map(([name, value]) => `${name}=${escaped(value)}`)
      return { ...rest, path: query.length > 0 && odd === '' ? `${filled}?${query.join('&')}` : filled + odd }
    })
}

function parameterFor(path: string, { name, schema }: Parameter): fc.Arbitrary<unknown> {
  const right: Record<string, readonly string[]> = {
    model: MODELS,
    models: [...MODELS, 'nn,dnn', 'nn,,', ','],
    version: ['1'],
    split: ['train', 'test'],
    index: ['0', '99', '100'],
    indices: ['0', '1,2,3', '99,100'],
    class: ['0', '9', '10'],
    limit: ['1', '50'],
  }
  if (name === 'id') right.id = path.startsWith('/api/models') ? MODELS : [...ids, 'no-such']
  const usual = right[name] ? fc.constantFrom(...right[name]) : valueFor(schema)
  return fc.oneof(
    { weight: 8, arbitrary: usual },
    { weight: 1, arbitrary: valueFor(schema) },
    { weight: 1, arbitrary: oddText },
  )
}

function escaped(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '?')).slice(0, 4000)
}

/** Sends a request; `left` where the client goes before its body is whole. */
function ask({ method = 'GET', path, headers = {}, body = null, leaves = false }: Request): Promise<Answer> {
  return new Promise((resolve) => {
    const length = body === null ? {} : { 'content-length': body.bytes.length, 'content-type': body.type }
    const options = { agent, host: '127.0.0.1', port: server.port, method, path, timeout: HANG_MS }
    const sent = request({ ...options, headers: { ...headers, ...body?.headers, ...length } })
    const end = (status: number | string, text = '', headers: IncomingHttpHeaders = {}) => {
      clearTimeout(timer)
      resolve({ status, text, headers })
    }
    const timer = setTimeout(() => {
      end('hung')
      sent.destroy()
    }, HANG_MS)
    sent.on('error', (error) => end(leaves ? 'left' : `no answer: ${error.message}`))
    sent.on('response', (response) => {
      const chunks: Buffer[] = []
      const finish = () =>
        end(response.statusCode ?? 'no status', Buffer.concat(chunks).toString(), response.headers)
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        // A stream has no end.
        if (response.headers['content-type']?.startsWith('text/event-stream')) {
          finish()
          response.destroy()
        }
      })
      response.on('end', finish).on('error', (error) => end(`no whole answer: ${error.message}`))
    })
    if (leaves && body !== null) {
      sent.write(body.bytes.subarray(0, body.bytes.length / 2))
      setTimeout(() => sent.destroy(new Error('left')), 5)
    } else sent.end(body?.bytes)
  })
}

/** A paused training keeps its turn, so that none that is accepted later is ever run; some are known by their ids. */
async function holdTheTurn() {
  const start = async (seed: number): Promise<string> => {
    const bytes = Buffer.from(JSON.stringify({ model: 'nn', seed, set: ['batch=1', 'epochs=10000'] }))
    const body = { type: 'application/json', bytes, headers: {} }
    return JSON.parse((await ask({ method: 'POST', path: '/api/trainings', body })).text).id
  }
  const id = await start(0)
  const state = async () => JSON.parse((await ask({ path: `/api/trainings/${id}` })).text)
  while ((await state()).progress === null) await wait(50)
  await ask({ method: 'POST', path: `/api/trainings/${id}/pause` })
  while ((await state()).state !== 'paused') await wait(50)
  for (let seed = 1; seed <= 5; seed++) ids.push(await start(seed))
}

/** All that a request for every model loads is there before memory is watched: few requests come to it early. */
async function loadModels() {
  const data = Array(784).fill(0)
  const inputs = [{ name: 'pixel_values', shape: [1, 1, 28, 28], datatype: 'FP32', data }]
  const bytes = Buffer.from(JSON.stringify({ inputs }))
  for (const model of ['nn', 'dnn', 'cnn', 'resnet50']) {
    const body = { type: 'application/json', bytes, headers: {} }
    await ask({ method: 'POST', path: `/v2/models/${model}/infer`, body })
  }
}

async function startServer(): Promise<{ process: ChildProcess; port: number }> {
  writeData(join(folder, 'data'))
  const args = [
    'serve',
    '--port',
    '0',
    '--threads',
    '1',
    '--data',
    join(folder, 'data'),
    '--runs',
    join(folder, 'runs'),
  ]
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of child.stdout) {
    const port = /:(\d+)\//.exec(String(line))?.[1]
    if (port) return { process: child, port: Number(port) }
  }
  throw new Error('The server did not start')
}

/** A small data set of noise in the IDX form. */
function writeData(directory: string): void {
  mkdirSync(directory)
  const file = (name: string, extents: readonly number[], values: readonly number[]) => {
    const head = Buffer.alloc(4 + 4 * extents.length)
    head.writeUInt16BE(0x0800 + extents.length, 2)
    extents.forEach((extent, i) => {
      head.writeUInt32BE(extent, 4 + 4 * i)
    })
    writeFileSync(join(directory, name), Buffer.concat([head, Buffer.from(values)]))
  }
  for (const [split, count] of [
    ['train', 1000],
    ['t10k', 100],
  ] as const) {
    file(
      `${split}-images-idx3-ubyte`,
      [count, 28, 28],
      Array.from({ length: count * 784 }, (_, i) => (i * i) % 251),
    )
    file(
      `${split}-labels-idx1-ubyte`,
      [count],
      Array.from({ length: count }, (_, i) => i % 10),
    )
  }
}

function report(memory: number): void {
  const columns = [...new Set([...statuses.values()].flatMap((counts) => [...counts.keys()]))].sort()
  process.stdout.write(`| Operation | ${columns.join(' | ')} |\n| --- |${' ---: |'.repeat(columns.length)}\n`)
  for (const [{ method, path }, counts] of statuses) {
    const cells = columns.map((status) => counts.get(status) ?? '')
    process.stdout.write(`| \`${method} ${path}\` | ${cells.join(' | ')} |\n`)
  }
  const seconds = Math.round((performance.now() - began) / 1000)
  process.stdout.write(
    `\n${next} requests (seed ${seed}) in ${seconds} s; resident memory at most ${megabytes(early)} in the first half, ` +
      `${megabytes(late)} in the second, ${megabytes(memory)} at the end\n`,
  )
}
