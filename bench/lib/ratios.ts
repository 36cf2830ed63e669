/** What may be claimed of a comparison: ratios of medians, between contestants whose rounds agree. */
import type { Kind, Measured, Result, Task } from './types.js'

/** Rounds that differ by more than this tell no rate. */
const STEADY = 2

export const isSteady = ({ lowest, highest }: Measured): boolean => highest <= STEADY * lowest

export interface Ratio {
  readonly ratio: number
  /** The rival. */
  readonly title: string
}

/** Atelier's rate over another's; null where one of them has none, or rounds that differ too much. */
export function ratioOver(own: Result | undefined, other: Result): Ratio | null {
  if (!own?.measured || !other.measured || !isSteady(own.measured) || !isSteady(other.measured)) return null
  return { ratio: own.measured.rate / other.measured.rate, title: other.title }
}

/** Over the fastest rival of these kinds; the own contestant is the one of that id. */
export function ratioOverBest(
  results: readonly Result[],
  kinds: readonly Kind[],
  id = 'atelier',
): Ratio | null {
  const own = results.find((result) => result.id === id)
  const ratios = results.filter(({ kind }) => kinds.includes(kind)).map((other) => ratioOver(own, other))
  return ratios.reduce((best, one) => (one && (!best || one.ratio < best.ratio) ? one : best), null)
}

/** Over whom a task's ratio is claimed. */
export const rivalsOf = (task: Task): readonly Kind[] =>
  task === 'training' ? ['pytorch'] : ['pytorch', 'onnxruntime']
