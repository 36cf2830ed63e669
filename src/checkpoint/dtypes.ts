/** The element types of safetensors files and the typed arrays that hold them. */
import { halvesToFloats } from './half.js'

/**
 * Little-endian, as all machines that Node runs on but IBM's mainframes; the bytes of a file are an array's own.
 * Half-precision values are widened to f32, exactly; f64 and the integers stay what they are.
 */
export const dtypes = {
  F64: { bytes: 8, decode: (bytes: ArrayBuffer) => new Float64Array(bytes) },
  F32: { bytes: 4, decode: (bytes: ArrayBuffer) => new Float32Array(bytes) },
  F16: { bytes: 2, decode: (bytes: ArrayBuffer) => halvesToFloats(new Uint16Array(bytes)) },
  BF16: { bytes: 2, decode: (bytes: ArrayBuffer) => widenBrainFloats(new Uint16Array(bytes)) },
  I64: { bytes: 8, decode: (bytes: ArrayBuffer) => new BigInt64Array(bytes) },
  I32: { bytes: 4, decode: (bytes: ArrayBuffer) => new Int32Array(bytes) },
  U32: { bytes: 4, decode: (bytes: ArrayBuffer) => new Uint32Array(bytes) },
  U8: { bytes: 1, decode: (bytes: ArrayBuffer) => new Uint8Array(bytes) },
} as const

export type StoredDType = keyof typeof dtypes
export type StoredValues = Float64Array | Float32Array | BigInt64Array | Int32Array | Uint32Array | Uint8Array

export const isStoredDType = (name: string): name is StoredDType => Object.hasOwn(dtypes, name)

/** The type under which an array is written, unless it is told to be rounded. */
export function dtypeOf(values: StoredValues): StoredDType {
  if (values instanceof Float64Array) return 'F64'
  if (values instanceof Float32Array) return 'F32'
  if (values instanceof BigInt64Array) return 'I64'
  if (values instanceof Int32Array) return 'I32'
  return values instanceof Uint32Array ? 'U32' : 'U8'
}

/** A brain float is the upper half of a float. */
function widenBrainFloats(bits: Uint16Array): Float32Array<ArrayBuffer> {
  return new Float32Array(Uint32Array.from(bits, (half) => half << 16).buffer)
}
