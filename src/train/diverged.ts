/** The error of a training whose loss or weights have become NaN or infinite. */
import { AtelierError, mismatch } from '../core/errors.js'
import type { Values } from '../engine/engine.js'
import type { TrainingStore } from './store.js'

/** @param where - Epoch and step, for people. */
export function diverged(
  store: TrainingStore,
  where: string,
  expected: string,
  received: string,
): AtelierError {
  const hint = 'Lower the learning rate (--lr), raise the warm-up, or train in f32 (--precision f32)'
  return new AtelierError(mismatch(where, expected, received, `${store.checkpointNote} ${hint}`))
}

/**
 * The first of these tensors that holds NaN or infinity; null where all is well. The loss does not tell: a rectified
 * NaN may be 0.
 */
export function nonFiniteOf(values: ReadonlyMap<string, Values>): string | null {
  for (const [name, data] of values) {
    // Each finite number adds 0, any other makes the sum NaN.
    let sum = 0
    for (let i = 0; i < data.length; i++) sum += (data[i] as number) * 0
    if (sum !== 0) return name
  }
  return null
}
