/** Numbers as IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits. */

/** The least magnitude that rounds to infinity: half a step above 65,504. */
const tooLarge = 65_520
/** The least normal number. */
const leastNormal = 2 ** -14

/** The nearest half-precision numbers' bits, of equally near ones the even; null where a value is too large. */
export function toHalves(values: ArrayLike<number>): Uint16Array<ArrayBuffer> | null {
  const floats = Float32Array.from(values)
  const bits = new Uint32Array(floats.buffer)
  const halves = new Uint16Array(floats.length)
  for (let i = 0; i < floats.length; i++) {
    const magnitude = Math.abs(floats[i] as number)
    if (!(magnitude < tooLarge)) return null
    const sign = ((bits[i] as number) >>> 16) & 0x8000
    halves[i] = sign | (magnitude < leastNormal ? subnormal(magnitude) : normal(bits[i] as number))
  }
  return halves
}

/** From the bits of a float: the exponent's bias is 112 less, and 13 bits of the fraction are rounded away. */
function normal(bits: number): number {
  const rebiased = (bits & 0x7fffffff) - (112 << 23)
  return (rebiased + 0xfff + ((rebiased >>> 13) & 1)) >>> 13
}

/** Multiples of 2^-24. */
function subnormal(magnitude: number): number {
  const multiple = magnitude * 2 ** 24
  const below = Math.floor(multiple)
  const rest = multiple - below
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below
}
