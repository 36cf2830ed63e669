/** The engine's one linear memory, which grows as it is needed. */
import { AtelierError, messageOf } from '../../core/errors.js'
import { Allocator } from './allocator.js'
import { type WasmMemory, webAssembly } from './webassembly.js'

const PAGE = 65_536
/** All that 32-bit addresses reach; the binaries declare the same (scripts/lib/compile-wasm.mjs). */
const MAXIMUM_PAGES = 65_536
/** What lies below belongs to the binaries (from 1024 on, if any of them needs constants) and to nobody. */
const HEAP = 4096

export class LinearMemory {
  readonly wasm: WasmMemory
  private readonly allocator: Allocator

  constructor(readonly shared: boolean) {
    this.wasm = new webAssembly.Memory({ initial: 1, maximum: MAXIMUM_PAGES, shared })
    this.allocator = new Allocator(HEAP, (end) => this.growTo(end))
  }

  get bytes(): number {
    return this.wasm.buffer.byteLength
  }

  /** Bytes that are allocated. */
  get inUse(): number {
    return this.allocator.size
  }

  /** Address of that many bytes, at a multiple of 64; what they hold is not defined. Throws where memory is out. */
  allocate(bytes: number): number {
    return this.allocator.allocate(bytes)
  }

  free(address: number): void {
    this.allocator.release(address)
  }

  u8(address: number, length: number): Uint8Array {
    return new Uint8Array(this.wasm.buffer, address, length)
  }

  i32(address: number, length: number): Int32Array {
    return new Int32Array(this.wasm.buffer, address, length)
  }

  u32(address: number, length: number): Uint32Array {
    return new Uint32Array(this.wasm.buffer, address, length)
  }

  f32(address: number, length: number): Float32Array {
    return new Float32Array(this.wasm.buffer, address, length)
  }

  f64(address: number, length: number): Float64Array {
    return new Float64Array(this.wasm.buffer, address, length)
  }

  private growTo(end: number): void {
    const missing = Math.ceil((end - this.bytes) / PAGE)
    if (missing <= 0) return
    try {
      this.wasm.grow(missing)
    } catch (error) {
      const wanted = `${Math.ceil(end / 2 ** 20)} MiB`
      throw new AtelierError(
        `wasm engine: ${wanted} of memory cannot be had (at most 4096 MiB can). Use a smaller batch`,
        { cause: error instanceof Error ? error : new Error(messageOf(error)) },
      )
    }
  }
}
