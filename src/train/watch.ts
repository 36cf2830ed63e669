/**
 * What a training tells the process that started it, over Node's channel between them. That process asks for it by
 * an environment variable: a channel alone may belong to anyone, a test runner's worker for one.
 */
import type { EpochRow } from '../runs/formats/history.js'
import type { TrainingProgress } from './progress.js'

export type ProgressMessage =
  | { readonly kind: 'progress'; readonly progress: TrainingProgress }
  | { readonly kind: 'epoch'; readonly epoch: EpochRow }

export type TrainingMessage =
  | ProgressMessage
  /** It was asked to stop, and has its checkpoint. */
  | { readonly kind: 'stopped' }

/** Given to a process whose training is to be watched. */
export const WATCHED = { ATELIER_WATCHED: '1' }

const watched = (): boolean => process.env.ATELIER_WATCHED === WATCHED.ATELIER_WATCHED

export function tellParent(message: TrainingMessage): void {
  // A parent may be gone before `disconnect` tells: a failure that nobody took would end this process then.
  if (watched() && process.connected) process.send?.(message, undefined, undefined, () => {})
}

/** Sent to a watched training where the system has no signal that asks a process to end: Windows ends it at once. */
export const STOP = 'stop'

/** Calls back when the process that watches this one asks it to stop. The channel keeps no process alive. */
export function onStopAsked(callback: () => void): void {
  if (!watched() || !process.connected) return
  process.on('message', (message) => {
    if (message === STOP) callback()
  })
  process.channel?.unref()
}

/** Calls back when the process that watches this one is gone, or was gone before. The channel keeps no process alive. */
export function onParentGone(callback: () => void): void {
  if (!watched()) return
  if (process.connected) {
    process.once('disconnect', callback)
    process.channel?.unref()
  } else callback()
}
