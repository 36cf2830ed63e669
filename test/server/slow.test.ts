/** Clients that are slow, on real sockets to a server that is in more of a hurry than usual. */
import { connect } from 'node:net'
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { randomOf } from '../../bench/lib/random.js'
import { askSlowly, vanish } from '../../soak/requests/clients.js'
import { createApp } from '../../src/server/app.js'
import type { ConnectionTimes } from '../../src/server/http/limits.js'
import { serverOptions } from '../support/app.js'
import { temporaryFolder } from '../support/folder.js'
import { exchange, until } from '../support/server.js'

const host = 'localhost'

afterEach(() => {
  vi.restoreAllMocks()
})

async function serve(times: Partial<ConnectionTimes>) {
  const folder = await temporaryFolder()
  const app = await createApp({ ...serverOptions(folder), times: { ...times, checkMs: 50 } })
  let arrived = 0
  app.server.on('connection', () => {
    arrived++
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => app.close())
  const { port } = app.server.address() as { port: number }
  const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  return {
    port,
    log,
    get: (url: string) => app.inject({ url, headers: { host } }),
    infer: () => app.inject({ method: 'POST', url: '/v2/models/nn/infer', headers: { host }, payload }),
    /** All that ever came, and those that are there. */
    arrived: () => arrived,
    connections: () => new Promise<number>((resolve) => app.server.getConnections((_, n) => resolve(n))),
  }
}

const data = Array(784).fill(0)
const payload = { inputs: [{ name: 'pixel_values', shape: [1, 1, 28, 28], datatype: 'FP32', data }] }

const MB = 2 ** 20
const HASTY = { headersMs: 500, requestMs: 500 }
const slow = (path: string, type: string, length: string, begin: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: ${type}\r\n${length}\r\n\r\n${begin}`
const told = (bytes: number): string => `Content-Length: ${bytes}`
const part = '--x\r\nContent-Disposition: form-data; name="f"; filename="a.png"\r\n\r\n'

/** The beginning of what comes back, when the server has closed the connection. */
const answer = async (port: number, bytes: string): Promise<string> =>
  (await exchange(port, bytes)).slice(0, 12)

it.each([
  ['JSON', slow('/api/trainings', 'application/json', told(9), '{')],
  ['an image', slow('/api/predict?models=nn', 'image/png', told(9), 'x')],
  ['a form', slow('/api/predict?models=nn', 'multipart/form-data; boundary=x', told(999), part)],
  ['chunks', slow('/api/explain?model=nn', 'image/png', 'Transfer-Encoding: chunked', '1\r\nx\r\n')],
  ['tensors', slow('/v2/models/nn/infer', 'application/octet-stream', told(9), '{')],
])('a body that does not come to its end gets 408: %s', async (_, body) => {
  const { port, log, infer } = await serve(HASTY)
  expect(await answer(port, body)).toBe('HTTP/1.1 408')
  expect((await infer()).statusCode).toBe(200)
  expect(log.mock.calls).toEqual([])
})

it('bodies that do not come to their end take no room for good', async () => {
  const { port, infer } = await serve(HASTY)
  // More than all the room that there is.
  const body = slow('/v2/models/nn/infer', 'application/json', told(16 * MB), '{')
  const answers = await Promise.all(Array.from({ length: 40 }, () => answer(port, body)))
  for (const text of answers) expect(['HTTP/1.1 408', 'HTTP/1.1 503']).toContain(text)
  expect((await infer()).statusCode).toBe(200)
})

it('answers that nobody reads are given up, and hold up no others', async () => {
  const { port, log, get, arrived, connections } = await serve({ idleMs: 1000 })
  const url = '/api/models/cnn/model.onnx'
  const { length } = (await get(url)).rawPayload
  // More than the system takes in on the way.
  expect(length).toBeGreaterThan(40 * MB)
  const deaf = Array.from({ length: 10 }, () => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    socket.pause().write(`GET ${url} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
    return socket
  })
  onTestFinished(() => {
    for (const socket of deaf) socket.destroy()
  })
  await until('all have come', () => arrived() === deaf.length)
  expect((await get('/v2')).statusCode).toBe(200)
  expect((await get(url)).rawPayload.length).toBe(length)
  await until('they are given up', async () => (await connections()) === 0)
  expect(log.mock.calls).toEqual([])
})

it('answers slow clients while others leave, and keeps none of their connections', async () => {
  const { port, infer, connections } = await serve({})
  const path = '/v2/models/nn/infer'
  await infer()
  const random = randomOf(1)
  const clients = Array.from({ length: 8 }, () => [askSlowly(port, path), vanish(port, path, random)])
  await Promise.all(clients.flat())
  await until('all connections are closed', async () => (await connections()) === 0)
})
