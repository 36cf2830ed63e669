/** Errors as the API tells them: a status, and a body that says what was expected, what was received, what to do. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { AtelierError, mismatch, UsageError } from '../../core/errors.js'
import { logFailure } from '../log.js'
import type { ApiError } from '../schemas/common.js'
import { ownWords } from './own-words.js'

/** An error whose status is known. */
export class HttpError extends AtelierError {
  constructor(
    readonly statusCode: number,
    message: string,
    /** Seconds after which to try again. */
    readonly retryAfter?: number,
  ) {
    super(message)
  }
}

/** 404 for a name that is not in a list. */
export function notFound(subject: string, received: string, hint?: string): HttpError {
  return new HttpError(404, mismatch(subject, 'one that is there', received, hint))
}

/** Answers any error. What is the server's own fault is logged and not told. */
export function sendError(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const status = statusOf(error)
  const retryAfter = error instanceof HttpError ? error.retryAfter : undefined
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter))
  if (status >= 500 && !(error instanceof AtelierError)) logFailure(`${request.method} ${request.url}`, error)
  const told = error instanceof AtelierError ? error.message : ownWords(error, status, request)
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send({ error: told } satisfies ApiError)
}

function statusOf(error: FastifyError | Error): number {
  const { statusCode } = error as FastifyError
  if (statusCode !== undefined && statusCode >= 400) return statusCode
  if (error instanceof UsageError) return 400
  // Data that are not there, weights that are damaged: the request was right, the server's state is not.
  return error instanceof AtelierError ? 503 : 500
}
