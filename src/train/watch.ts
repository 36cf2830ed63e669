/** What a training tells the process that started it, over Node's channel between them, where there is one. */
import type { EpochRow } from './history.js'
import type { TrainingProgress } from './loop.js'

export type TrainingMessage =
  | { readonly kind: 'progress'; readonly progress: TrainingProgress }
  | { readonly kind: 'epoch'; readonly epoch: EpochRow }

export function tellParent(message: TrainingMessage): void {
  if (process.connected) process.send?.(message)
}

/** Calls back when the process that started this one is gone. The channel keeps no process alive. */
export function onParentGone(callback: () => void): void {
  if (process.channel === undefined) return
  process.once('disconnect', callback)
  process.channel?.unref()
}
