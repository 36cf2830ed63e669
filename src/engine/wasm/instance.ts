/** A binary at work on a memory: one on each thread. */
import { interpreterNames, kernelNames } from './kernels.js'
import { type WasmMemory, type WasmModule, webAssembly } from './webassembly.js'

/** The interpreter (wasm/program.ts). Addresses are bytes of the memory. */
export interface Interpreter {
  run(program: number, iterations: number, times: number, barrier: number, part: number, parts: number): void
  perform(program: number, call: number, part: number, parts: number): void
  feed(program: number, iteration: number): void
  take(program: number, iteration: number): void
}

export function instantiate(module: WasmModule, memory: WasmMemory): Interpreter {
  const table = new webAssembly.Table({ initial: kernelNames.length, element: 'anyfunc' })
  const now = (): number => performance.now()
  const { exports } = new webAssembly.Instance(module, { env: { memory, table, now } })
  const found = (name: string): unknown => {
    if (typeof exports[name] !== 'function')
      throw new Error(`the binary lacks ${name}: run npm run build:wasm`)
    return exports[name]
  }
  kernelNames.forEach((name, index) => {
    table.set(index, found(name))
  })
  const functions = interpreterNames.map((name) => [name, found(name)] as const)
  return Object.fromEntries(functions) as unknown as Interpreter
}
