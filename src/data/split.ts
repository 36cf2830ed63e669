/** Holding images out of the training split, for validation. */
import { AtelierError, mismatch } from '../core/errors.js'
import { keyOf, Random } from '../core/random.js'

export interface HoldOut {
  /** Indices of the images to train on, ascending. */
  readonly train: Uint32Array
  /** Indices of the images held out, ascending. */
  readonly heldOut: Uint32Array
}

/**
 * Holds `size` of `count` images out: the first `size` entries of the permutation of 0 ... count - 1 that the
 * key (seed, 'hold-out') draws, so every subset of that size is equally likely and a seed always gives the
 * same one. Both parts are sorted: the order of training is the batches' affair.
 */
export function holdOut(count: number, size: number, seed: number): HoldOut {
  if (!Number.isInteger(size) || size < 0 || size >= count) {
    const expected = `an integer of 0 to ${count - 1} (at least one of ${count} images stays for training)`
    throw new AtelierError(mismatch('number of images held out', expected, String(size)))
  }
  const order = Uint32Array.from({ length: count }, (_, index) => index)
  new Random(keyOf(seed, 'hold-out')).shuffle(order)
  return { train: order.slice(size).sort(), heldOut: order.slice(0, size).sort() }
}
