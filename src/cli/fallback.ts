import type { ChosenEngine } from '../engine/choose.js'

/** Where a slower engine runs that nobody asked for, stderr gets a line why. */
export function tellFallback({ fallback, reason }: Pick<ChosenEngine, 'fallback' | 'reason'>): void {
  if (fallback) process.stderr.write(`${reason}\n`)
}
