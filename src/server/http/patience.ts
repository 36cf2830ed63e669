/** How long the server works on an answer: until the client goes, or for so long. */
import type { FastifyReply } from 'fastify'
import { HttpError } from './errors.js'
import { limits } from './limits.js'

/** Aborts when the client is gone before its answer is whole, or with 503 when the time is over. */
export function patience({ raw }: FastifyReply, milliseconds: number = limits.answerMs): AbortSignal {
  const controller = new AbortController()
  const late = new HttpError(
    503,
    `Time: expected an answer within ${milliseconds / 1000} s, received none`,
    5,
  )
  const timer = setTimeout(() => controller.abort(late), milliseconds)
  raw.once('close', () => {
    clearTimeout(timer)
    // 499 is what others log for a client that has closed its connection; nobody receives it.
    if (!raw.writableFinished) controller.abort(new HttpError(499, 'The client is gone'))
  })
  return controller.signal
}
