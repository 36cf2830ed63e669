/** Answers that a browser may keep, as long as what they were made of is the same: by an ETag of its content. */
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { atelierVersion } from '../../core/version.js'

/**
 * Sets the answer's ETag and, where the client has that answer already, answers 304 and gives true. The browser asks each
 * time: the same address may have other data or weights behind it after a restart.
 *
 * @param origin - What the answer depends on, such as checksums of files.
 */
export function answersKnown({ headers }: FastifyRequest, reply: FastifyReply, origin: string): boolean {
  const hash = createHash('sha256').update(`${atelierVersion()}\n${origin}`)
  const tag = `"${hash.digest('hex').slice(0, 32)}"`
  reply.headers({ etag: tag, 'cache-control': 'private, no-cache' })
  // A proxy that compresses an answer makes its tag a weak one.
  const held = headers['if-none-match']?.split(',').map((one) => one.trim().replace(/^W\//, ''))
  if (!held?.includes(tag)) return false
  reply.code(304).send()
  return true
}
