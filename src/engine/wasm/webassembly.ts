/** As much of the runtime's WebAssembly as the engine uses: TypeScript describes it for browsers alone. */

/** A compiled binary; threads can be handed it. */
export type WasmModule = object

export interface WasmMemory {
  /** Another one after each growth. */
  readonly buffer: ArrayBuffer | SharedArrayBuffer
  /** In pages; throws where the memory cannot be had. */
  grow(pages: number): number
}

export interface WasmTable {
  set(index: number, value: unknown): void
}

interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>
}

interface WebAssemblyApi {
  validate(bytes: Uint8Array): boolean
  compile(bytes: Uint8Array): Promise<WasmModule>
  readonly Module: { exports(module: WasmModule): readonly { readonly name: string }[] }
  readonly Instance: new (
    module: WasmModule,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => WasmInstance
  readonly Memory: new (options: {
    readonly initial: number
    readonly maximum: number
    readonly shared: boolean
  }) => WasmMemory
  readonly Table: new (options: { readonly initial: number; readonly element: 'anyfunc' }) => WasmTable
}

/** Undefined where the runtime has none. */
export const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly
