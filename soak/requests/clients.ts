/** Clients that a server meets in the open: slow ones, and such as leave. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Random } from '../../bench/lib/random.js'

const pixels = Array.from({ length: 784 }, (_, i) => Number((((i * i) % 256) / 255).toFixed(4)))
const input = { name: 'pixel_values', shape: [1, 1, 28, 28], datatype: 'FP32', data: pixels }

/** One image for a model. */
export const inferenceBody = JSON.stringify({ inputs: [input] })

const requestOf = (path: string, connection: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: ${connection}\r\nContent-Type: application/json\r\n` +
  `Content-Length: ${inferenceBody.length}\r\n\r\n${inferenceBody}`

const PIECES = 5
const PAUSE_MS = 100
/** Against what hangs. */
const PATIENCE_MS = 60_000

/** Sends a request in pieces, and lets its answer wait. @throws Error where that is no 200 with logits. */
export async function askSlowly(port: number, path: string): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('a slow client got no answer')))
  let text = ''
  socket.on('data', (data: Buffer) => {
    text += data.toString('latin1')
  })
  const closed = once(socket, 'close')
  const whole = requestOf(path, 'close')
  const size = Math.ceil(whole.length / PIECES)
  for (let at = 0; at < whole.length; at += size) {
    socket.write(whole.slice(at, at + size))
    await wait(PAUSE_MS)
  }
  socket.pause()
  await wait(PAUSE_MS)
  socket.resume()
  await closed
  if (!/^HTTP\/1\.1 200 .*"logits"/s.test(text)) {
    throw new Error(`a slow client received ${text.slice(0, 200) || 'nothing'}`)
  }
}

/** Leaves within 20 ms: in the middle of its request, or before it has the answer. */
export async function vanish(port: number, path: string, random: Random): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  // It is the client that ends the connection: whatever comes of it is not looked at.
  socket.on('error', () => undefined)
  socket.resume()
  const whole = requestOf(path, 'keep-alive')
  socket.write(random() < 0.5 ? whole : whole.slice(0, Math.floor(random() * whole.length)))
  await wait(20 * random())
  const closed = once(socket, 'close')
  if (random() < 0.5) socket.resetAndDestroy()
  else socket.destroy()
  await closed
}
