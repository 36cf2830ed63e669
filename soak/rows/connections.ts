/** Many connections for long, slow and vanishing clients among them. */
import { setTimeout as wait } from 'node:timers/promises'
import autocannon from 'autocannon'
import { formatCount } from '#atelier/core/format.js'
import { randomOf } from '../../bench/lib/random.js'
import { quantile } from '../../bench/lib/statistics.js'
import type { Held, Row, Trial } from '../lib/row.js'
import { type Server, startServer } from '../lib/server.js'
import { askSlowly, inferenceBody, vanish } from '../requests/clients.js'

export const connections: Row = {
  name: 'connections',
  title:
    '`POST /v2/models/cnn/infer` on 64 connections: 48 ask as fast as they are answered, 8 send each request in pieces and read its answer late, 8 leave before they have it. Each answer is a 200, and memory grows by no more than 5 % after the first fifth of the time',
  rounds: 10,
  unit: 'minutes',
  run: fireAtOnce,
}

const CLIENTS = { steady: 48, slow: 8, vanishing: 8 }
const MOST_GROWTH = 1.05
/** Share of the time in which memory may still come to what it then stays. */
const SETTLING = 0.2
/** Seconds between two looks at the memory. */
const WATCHED_EVERY = 5
const PATH = '/v2/models/cnn/infer'

async function fireAtOnce({ rounds: minutes, seed, folder, progress }: Trial): Promise<Held> {
  const server = await startServer(folder)
  const failures: string[] = []
  const url = `http://127.0.0.1:${server.port}${PATH}`
  const headers = { 'content-type': 'application/json' }
  // The model is opened at its first request.
  await fetch(url, { method: 'POST', headers, body: inferenceBody })
  const end = performance.now() + minutes * 60_000
  const times: number[] = []
  const steady = autocannon({
    url,
    method: 'POST',
    headers,
    body: inferenceBody,
    connections: CLIENTS.steady,
    duration: minutes * 60,
  })
  steady.on('response', (_client, _status, _bytes, milliseconds) => times.push(milliseconds))
  const slow = until(end, CLIENTS.slow, () => askSlowly(server.port, PATH), failures)
  const random = randomOf(seed)
  const vanishing = until(end, CLIENTS.vanishing, () => vanish(server.port, PATH, random), failures)
  const memory = watchMemory(server, end, minutes, progress)
  const [{ errors, timeouts, non2xx }, slowCount, goneCount, { first, most }] = await Promise.all([
    steady,
    slow,
    vanishing,
    memory,
  ])
  if (errors + timeouts + non2xx > 0) {
    failures.push(`${errors} errors of connections, ${timeouts} without an answer, ${non2xx} other than 200`)
  }
  if (most > MOST_GROWTH * first)
    failures.push(`memory grew from ${first.toFixed(0)} to ${most.toFixed(0)} MB`)
  const code = await server.stop()
  if (code !== 0) failures.push(`the server ended with ${code}`)
  const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)]
  const seen =
    `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms of ${formatCount(times.length)} answers; ` +
    `${formatCount(slowCount)} slow ones, ${formatCount(goneCount)} clients gone; ` +
    `at most ${first.toFixed(0)} MB in the first fifth of the time, ${most.toFixed(0)} MB after it`
  return { held: failures.length === 0 ? minutes : 0, rounds: minutes, seen, failures }
}

/** So many clients, each of which begins anew when it has ended; how often they did. */
async function until(
  end: number,
  clients: number,
  client: () => Promise<void>,
  failures: string[],
): Promise<number> {
  let count = 0
  const again = async (): Promise<void> => {
    while (performance.now() < end) {
      count++
      await client().catch((error: unknown) => failures.push(String(error)))
    }
  }
  await Promise.all(Array.from({ length: clients }, again))
  return count
}

/** MiB: the most in the first fifth of the time, and the most after that. */
async function watchMemory(server: Server, end: number, minutes: number, progress: Trial['progress']) {
  const settled = end - minutes * 60_000 * (1 - SETTLING)
  let [first, most] = [0, 0]
  for (let now = performance.now(); now < end && server.isRunning(); now = performance.now()) {
    const memory = await server.memory()
    if (now < settled) first = Math.max(first, memory)
    else most = Math.max(most, memory)
    progress(`${((end - now) / 60_000).toFixed(1)} minutes to go, ${memory.toFixed(0)} MB`)
    await wait(WATCHED_EVERY * 1000)
  }
  return { first, most }
}
