/** Which of the engine's binaries a runtime can use. */
import { sharesMemory } from '../../core/shared-memory.js'
import { webAssembly } from './webassembly.js'

export interface Features {
  /** Multiply-adds that are rounded once, where the processor has them. */
  readonly relaxed: boolean
  /** Memory that threads share. */
  readonly shared: boolean
}

/** Of a file beside this module, without `.wasm`; scripts/lib/compile-wasm.mjs makes them. */
export const binaryName = ({ relaxed, shared }: Features): string =>
  `${shared ? 'shared' : 'private'}-${relaxed ? 'relaxed' : 'simd'}`

/** A module of one function without parameters, whose body is given. */
const moduleOf = (...body: readonly number[]): Uint8Array =>
  Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    // A type () -> (), a function of it, and its code.
    ...[1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0],
    ...[10, body.length + 4, 1, body.length + 2, 0, ...body, 0x0b],
  )

const zeroVector = [0xfd, 12, ...new Array<number>(16).fill(0)]
/** f32x4.splat-free: v128.const, drop. */
const simd = moduleOf(...zeroVector, 0x1a)
/** f32x4.relaxed_madd of three vectors, drop. */
const relaxedSimd = moduleOf(...zeroVector, ...zeroVector, ...zeroVector, 0xfd, 0x85, 0x02, 0x1a)
/** A shared memory of one page. */
const sharedMemory = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 4, 1, 3, 1, 1)

/** What this runtime has; null where it lacks SIMD, without which there is no engine. */
export function featuresOf(
  api: Pick<typeof webAssembly, 'validate'> | undefined = webAssembly,
): Features | null {
  if (api === undefined || !api.validate(simd)) return null
  return {
    relaxed: api.validate(relaxedSimd),
    shared: sharesMemory && api.validate(sharedMemory),
  }
}
