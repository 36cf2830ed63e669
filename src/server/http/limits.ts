/** How much a request may be, and for how long; docs/api.md tells the same. */
import type { FastifyInstance } from 'fastify'
import { mismatch } from '../../core/errors.js'
import { Queue } from '../queue.js'
import { HttpError } from './errors.js'

const MB = 2 ** 20

export const limits = {
  /** Bytes of a body of JSON, of an image's file, of tensors, and of all parts of a form. */
  json: 1 * MB,
  image: 16 * MB,
  tensors: 16 * MB,
  form: 64 * MB,
  multipart: { fileSize: 16 * MB, files: 100, fields: 20, fieldSize: 4096, parts: 120, headerPairs: 20 },
  /** Bytes of all bodies that are held at once. */
  bodies: 512 * MB,
  connections: 512,
  /** Milliseconds: for the headers, for a whole request with its body, and until it is answered. */
  headersMs: 10_000,
  requestMs: 60_000,
  answerMs: 30_000,
  /** Until a score, a map, a file or a report is there; what is kept goes on, for who comes again. */
  computeMs: 90_000,
  /** Between two looks at whose headers or request are late. */
  checkMs: 1000,
  /** Without a byte either way. */
  idleMs: 120_000,
  /**
   * Between two requests on a connection. More than the 60 s of nginx and of most other balancers: one that takes a kept
   * connection just as the server closes it has a request that it may not send again, and answers 502.
   */
  keepAliveMs: 75_000,
} as const

/** Those that Node's own server heeds. */
export type ConnectionTimes = Readonly<
  Record<'headersMs' | 'requestMs' | 'checkMs' | 'idleMs' | 'keepAliveMs', number>
>

/** Lets so many requests in that their bodies fit into memory; the others are told to come again. */
export function boundBodies(app: FastifyInstance): void {
  const room = new Queue(limits.bodies, 'bytes of requests that are held at once')
  app.addHook('onRequest', async (request, reply) => {
    const { headers, routeOptions } = request
    const most = routeOptions.bodyLimit ?? limits.json
    const told = headers['content-length']
    if (told === undefined && headers['transfer-encoding'] === undefined) return
    // A compressed body is larger than it says.
    const encoding = headers['content-encoding'] ?? 'identity'
    if (encoding !== 'identity') throw new HttpError(415, mismatch('Content-Encoding', 'none', encoding))
    const size = told === undefined ? most : Number(told)
    if (size > most) {
      throw new HttpError(413, mismatch('Body', `at most ${most} bytes`, `${size}`))
    }
    room.enter(size)
    reply.raw.once('close', () => room.leave(size))
  })
}
