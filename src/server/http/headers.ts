/** Headers that keep a browser from doing with an answer what it is not for. */
import type { FastifyInstance } from 'fastify'

/** Of the studio: its own scripts and WebAssembly, nothing from elsewhere. */
const STUDIO_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ')

/** Of a page that holds its scripts and pictures itself. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'"

/** Of such a page from a folder that others may write into: it gets an origin of its own. */
export const FOREIGN_PAGE_POLICY = `sandbox allow-scripts; ${PAGE_POLICY}`

const always = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  // With it and the former, the studio's WebAssembly may use threads.
  'cross-origin-embedder-policy': 'require-corp',
} as const

export function secureHeaders(app: FastifyInstance): void {
  app.addHook('onSend', async (_, reply) => {
    reply.headers(always)
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', STUDIO_POLICY)
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })
}
