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
  const onClose = (): void => {
    clearTimeout(timer)
    if (!raw.writableFinished) controller.abort(gone())
  }
  if (raw.destroyed) onClose()
  else raw.once('close', onClose)
  return controller.signal
}

/** What work comes to, or what the signal aborts with, if that is first; the work itself goes on. */
export async function within<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (signal === undefined) return work
  let onAbort = (): void => undefined
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([aborted, work])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** 499 is what others log for a client that has closed its connection; nobody receives it. */
const gone = (): HttpError => new HttpError(499, 'The client is gone')
