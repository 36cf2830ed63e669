/** Sends requests to a server on a socket. */
import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import type { Request } from './operations.js'

/** The status, or what came in place of an answer. */
export interface Answer {
  readonly status: number | string
  readonly text: string
  readonly headers: IncomingHttpHeaders
}

/** More than the server gives its longest computation, after which it answers 503. */
const HANG_MS = 120_000

export class Client {
  private readonly agent: Agent

  constructor(
    private readonly port: number,
    atOnce: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  }

  /** The status is `left` where the client goes before its body is whole. */
  ask(sent: Request): Promise<Answer> {
    const { method = 'GET', path, headers = {}, body = null, leaves = false } = sent
    return new Promise((resolve) => {
      const about = body === null ? {} : { 'content-length': body.bytes.length, 'content-type': body.type }
      const to = { agent: this.agent, host: '127.0.0.1', port: this.port, timeout: HANG_MS }
      const sending = request({ ...to, method, path, headers: { ...headers, ...body?.headers, ...about } })
      const end = (status: number | string, text = '', headers: IncomingHttpHeaders = {}) => {
        clearTimeout(timer)
        resolve({ status, text, headers })
      }
      const timer = setTimeout(() => {
        end('hung')
        sending.destroy()
      }, HANG_MS)
      sending.on('error', (error: NodeJS.ErrnoException) => {
        // The server closed an idle connection just as it was taken for this request: any client tries again.
        if (sending.reusedSocket && error.code === 'ECONNRESET' && !leaves) resolve(this.ask(sent))
        else end(leaves ? 'left' : `no answer: ${error.message}`)
      })
      sending.on('response', (response) => {
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
        sending.write(body.bytes.subarray(0, body.bytes.length / 2))
        setTimeout(() => sending.destroy(new Error('left')), 5)
      } else sending.end(body?.bytes)
    })
  }

  /** An answer's JSON. */
  async json(sent: Request) {
    return JSON.parse((await this.ask(sent)).text)
  }

  close(): void {
    this.agent.destroy()
  }
}

export const jsonBody = (value: unknown) => ({
  type: 'application/json',
  bytes: Buffer.from(JSON.stringify(value)),
  headers: {},
})
