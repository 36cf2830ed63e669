/** Requests that no endpoint sees: those that are no HTTP, and those that come while the server ends. */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { mismatch } from '../../core/errors.js'
import type { ApiError } from '../schemas/common.js'
import { HttpError } from './errors.js'

const refusals: Readonly<Record<string, { readonly status: number; readonly error: string }>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, error: mismatch('Request', 'all of it in time', 'a part') },
  HPE_HEADER_OVERFLOW: { status: 431, error: mismatch('Headers', 'at most 16 KiB', 'more') },
}
const malformed = { status: 400, error: mismatch('Request', 'one by the rules of HTTP', 'another') }

/** Answers what Node could not read as a request. */
export function refuseUnreadable({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
  if (code === 'ECONNRESET' || socket.destroyed) return
  const { status, error } = refusals[code] ?? malformed
  const body = JSON.stringify({ error } satisfies ApiError)
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  socket.destroy()
}

/** Answers 503 to what comes on open connections once the server is closing. */
export function refuseWhenClosing(app: FastifyInstance): void {
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  app.addHook('onRequest', async () => {
    if (closing) throw new HttpError(503, mismatch('Server', 'one that goes on', 'one that is ending'))
  })
}
