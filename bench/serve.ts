/**
 * How fast `atelier serve` answers `POST /v2/models/cnn/infer`, one image a request, by connections, and whether 64 of
 * them for a minute make errors or let its memory grow: `npx --no-install jiti bench/serve.ts [--seconds N] [--long N] [--threads N] [--write]`.
 * Prints Markdown; --write puts it into docs/api.md, too. Needs `npm run build`; let nothing else run.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import autocannon from 'autocannon'
import { describeSystem } from '#atelier/core/system.js'
import { writePart } from '../scripts/lib/written-part.js'
import { quantile } from './lib/statistics.js'

/** Where the results stand. */
const TABLE = {
  page: 'docs/api.md',
  begin: '<!-- load: written by npx --no-install jiti bench/serve.ts --write -->',
  end: '<!-- end of load -->',
}
const CONNECTIONS = [1, 8, 64]
const WARM_UP_SECONDS = 2
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    long: { type: 'string', default: '60' },
    threads: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})
const lines: string[] = []
const [seconds, long] = [Number(values.seconds), Number(values.long)]
const runs = mkdtempSync(join(tmpdir(), 'atelier-serve-'))
process.on('exit', () => rmSync(runs, { recursive: true, force: true }))

const load = loadavg()[0]?.toFixed(2)
const server = await startServer()
process.on('exit', () => server.process.kill('SIGKILL'))
const bodies = { JSON: jsonBody(), 'binary tensor': binaryBody() }
const { cpu, node, os } = describeSystem()
print(
  `${cpu.model}, ${cpu.cores} cores (${cpu.features.join(' ')}), Node ${node}, ${os}; load before ${load}.`,
)
print('The client, autocannon, runs on the same machine.\n')
print('| Body | Connections | Requests a second | p50, ms | p99, ms | Errors |')
print('| --- | ---: | ---: | ---: | ---: | ---: |')
// The model is opened at its first request.
await fetch(inferUrl(), { method: 'POST', ...bodies.JSON })
for (const [name, body] of Object.entries(bodies)) {
  for (const connections of CONNECTIONS) {
    await fire(body, connections, WARM_UP_SECONDS)
    const { rate, p50, p99, errors } = await fire(body, connections, seconds)
    print(
      `| ${name} | ${connections} | ${rate.toFixed(0)} | ${p50.toFixed(2)} | ${p99.toFixed(2)} | ${errors} |`,
    )
  }
}
const before = await residentMemory()
const minute = fire(bodies.JSON, 64, long)
await setTimeout((1000 * long) / 2)
const middle = await residentMemory()
const { count, errors } = await minute
const after = await residentMemory()
print(`\n64 connections for ${long} s: ${count} requests, ${errors} errors; resident memory`)
print(`${before} MB before, ${middle} MB after half of the time, ${after} MB at the end.`)
server.process.kill('SIGTERM')
await once(server.process, 'close')
process.exitCode = server.process.exitCode === 0 && errors === 0 ? 0 : 1
if (values.write) writePart(TABLE, lines.join('\n'))

function print(line: string): void {
  lines.push(line)
  process.stdout.write(`${line}\n`)
}

async function startServer(): Promise<{ process: ChildProcess; url: string }> {
  const threads = values.threads === undefined ? [] : ['--threads', values.threads]
  const child = spawn(process.execPath, [main, 'serve', '--port', '0', '--runs', runs, ...threads], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const text of child.stdout) {
    const [url] = /http:\/\/[^/]+/.exec(String(text)) ?? []
    if (url) return { process: child, url }
  }
  throw new Error('The server did not start')
}

/** Requests for so many seconds: their rate, the quantiles of their times, and those that were not answered with 200. */
async function fire({ body, headers }: Body, connections: number, duration: number) {
  const times: number[] = []
  const instance = autocannon({
    url: inferUrl(),
    method: 'POST',
    connections,
    duration,
    body,
    headers,
  })
  // Its own histogram knows whole milliseconds alone.
  instance.on('response', (_client, _status, _bytes, milliseconds) => times.push(milliseconds))
  const { requests, errors, timeouts, non2xx, duration: took } = await instance
  return {
    count: requests.total,
    rate: requests.total / took,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    errors: errors + timeouts + non2xx,
  }
}

interface Body {
  readonly body: string | Buffer
  readonly headers: Readonly<Record<string, string>>
}

function inferUrl() {
  return `${server.url}/v2/models/cnn/infer`
}

function pixels() {
  return Float32Array.from({ length: 784 }, (_, i) => ((i * i) % 256) / 255)
}

function input() {
  return { name: 'pixel_values', shape: [1, 1, 28, 28], datatype: 'FP32' }
}

function jsonBody(): Body {
  // As few digits as a byte of an image needs.
  const data = Array.from(pixels(), (value) => Number(value.toFixed(4)))
  return {
    body: JSON.stringify({ inputs: [{ ...input(), data }] }),
    headers: { 'content-type': 'application/json' },
  }
}

function binaryBody(): Body {
  const tensor = Buffer.from(pixels().buffer)
  const parameters = { binary_data_size: tensor.length }
  const request = { parameters: { binary_data_output: true }, inputs: [{ ...input(), parameters }] }
  const head = Buffer.from(JSON.stringify(request))
  return {
    body: Buffer.concat([head, tensor]),
    headers: {
      'content-type': 'application/octet-stream',
      'inference-header-content-length': String(head.length),
    },
  }
}

async function residentMemory() {
  const text = await (await fetch(`${server.url}/metrics`)).text()
  return Math.round(Number(/^process_resident_memory_bytes (\d+)/m.exec(text)?.[1]) / 2 ** 20)
}
