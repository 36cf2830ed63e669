/**
 * Counter-based randomness: a value is a pure function of a key and a counter, so it is the same in every
 * engine, layout, thread and order of evaluation, and a resumed run needs no generator state.
 *
 * The mixing function is the 32-bit finalizer of C. Wellons' hash prospector (bias 0.11), with the second
 * key word added between its rounds.
 */
export type Key = readonly [number, number]

/** 32 random bits: `mix(key, counter)`. The kernels of the native and the wasm engine hold the same five lines. */
export function mix(key0: number, key1: number, counter: number): number {
  let x = counter ^ key0
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad) + key1
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
  return (x ^ (x >>> 15)) >>> 0
}

/** A key of its own for each path of labels below a seed: `keyOf(seed, 'shuffle', epoch)`. */
export function keyOf(seed: number, ...path: readonly (number | string)[]): Key {
  let key: [number, number] = [mix(seed >>> 0, 0x9e3779b9, 1), mix(Math.floor(seed / 2 ** 32) >>> 0, seed, 2)]
  const absorb = (word: number): void => {
    key = [mix(key[0], key[1], word), mix(key[1], key[0], word ^ 0x85ebca6b)]
  }
  for (const part of path) {
    if (typeof part === 'number') absorb(part)
    else for (let i = 0; i < part.length; i++) absorb(part.charCodeAt(i) + 0x10000 * (i + 1))
    absorb(0x5bd1e995)
  }
  return key
}

/** A sequential view of one key's stream. */
export class Random {
  private counter = 0

  constructor(private readonly key: Key) {}

  /** Uniform over the 32-bit unsigned integers. */
  uint32(): number {
    return mix(this.key[0], this.key[1], this.counter++)
  }

  /** Uniform in [0, 1), in steps of 2^-32. */
  uniform(): number {
    return this.uint32() / 2 ** 32
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform()
  }

  /** Uniform over 0 ... bound - 1, by rejection, so without bias. */
  integer(bound: number): number {
    const limit = 2 ** 32 - (2 ** 32 % bound)
    let value = this.uint32()
    while (value >= limit) value = this.uint32()
    return value % bound
  }

  /** Fisher-Yates, in place. */
  shuffle<T extends Uint32Array | unknown[]>(values: T): T {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.integer(i + 1)
      const held = values[i] as number
      values[i] = values[j] as number
      values[j] = held
    }
    return values
  }
}
