/** Operands for tests: fixed by their names, and away from where a step has a kink. */
import { keyOf, Random } from '../../src/core/random.js'
import { type Shape, sizeOf } from '../../src/core/shape.js'

/** Uniform in [low, high). */
export function uniform(label: string, shape: Shape, low = -1, high = 1): Float64Array {
  const random = new Random(keyOf(1, label))
  return Float64Array.from({ length: sizeOf(shape) }, () => random.between(low, high))
}

/** Of either sign, but no closer to zero than 0.1, where ReLU has its kink. */
export function awayFromZero(label: string, shape: Shape): Float64Array {
  return uniform(label, shape).map((value) => value + 0.1 * (value < 0 ? -1 : 1))
}

/** All different and below zero, so that a maximum is clear and zero padding would show. */
export function distinctNegative(label: string, shape: Shape): Float64Array {
  const order = new Random(keyOf(1, label)).shuffle(Uint32Array.from({ length: sizeOf(shape) }, (_, i) => i))
  return Float64Array.from(order, (place) => -(place + 1) / order.length)
}

/** Many equal ones, as after a ReLU. */
export function withTies(label: string, shape: Shape): Float64Array {
  return uniform(label, shape).map((value) => Math.max(0, Math.round(2 * value)))
}
