/** IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits. */

/** The largest finite value; from 65,520 on rounding would give infinity. */
export const LARGEST_HALF = 65504

/** Exactly, subnormals, infinities and NaN too. */
export function halvesToFloats(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const floats = new Float32Array(halves.length)
  const words = new Uint32Array(floats.buffer)
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i] as number
    const exponent = half & 0x7c00
    // A normal number's bits move 13 places; its exponent's bias becomes 112 more.
    if (exponent !== 0 && exponent !== 0x7c00) {
      words[i] = ((half & 0x8000) << 16) | (((half & 0x7fff) << 13) + 0x38000000)
    } else floats[i] = unusualHalf(half)
  }
  return floats
}

/** A zero or subnormal, an infinity or NaN. */
function unusualHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const fraction = bits & 0x3ff
  if ((bits & 0x7c00) === 0) return sign * fraction * 2 ** -24
  return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
}

/**
 * Rounds to the nearest, ties to even, as IEEE 754 does by default. Infinities stay, and so does NaN.
 *
 * @throws RangeError for a finite value that would become infinite.
 */
export function floatsToHalves(floats: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length)
  const halves = new Uint16Array(floats.length)
  for (let i = 0; i < floats.length; i++) halves[i] = roundBits(bits[i] as number)
  return halves
}

/** The bits of a half from those of a float (1 sign, 8 exponent and 23 fraction bits). */
function roundBits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000
  const magnitude = bits & 0x7fffffff
  if (magnitude > 0x7f800000) return sign | 0x7e00
  if (magnitude === 0x7f800000) return sign | 0x7c00
  if (magnitude >= 0x477ff000) {
    throw new RangeError(`${floatOf(magnitude)} is beyond ${LARGEST_HALF}, the largest half-precision value`)
  }
  // Below 2^-14 halves are multiples of 2^-24. Rounding up to 1024 of them gives the smallest normal one's bits.
  if (magnitude < 0x38800000) return sign | roundToEven(floatOf(magnitude) * 2 ** 24)
  // 13 bits of the fraction go; a carry out of it rightly raises the exponent, whose bias is 112 less.
  return sign | ((magnitude - 0x38000000 + 0x0fff + ((magnitude >>> 13) & 1)) >>> 13)
}

function roundToEven(value: number): number {
  const below = Math.floor(value)
  const rest = value - below
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below
}

const scratch = new DataView(new ArrayBuffer(4))
function floatOf(bits: number): number {
  scratch.setUint32(0, bits)
  return scratch.getFloat32(0)
}
