/** The life of a thread of the pool: it sleeps until there is a command, does its part of it, and sleeps again. */
import { messageOf } from '../../core/errors.js'
import { instantiate } from './instance.js'
import type { WasmMemory, WasmModule } from './webassembly.js'

/** Words of a pool's control block, each on a cache line of its own where threads write to it. */
export const Control = {
  generation: 0,
  program: 16,
  iterations: 17,
  times: 18,
  barrier: 32,
  words: 64,
} as const

/** What a thread is told at its start. */
export interface WorkerStart {
  readonly module: WasmModule
  readonly memory: WasmMemory
  /** Address of the control block. */
  readonly control: number
  readonly part: number
  readonly parts: number
}

/** What a thread tells: that all have done a command, or that it failed and ends. */
export type WorkerReport = { readonly done: number } | { readonly error: string }

export function work(
  { module, memory, control, part, parts }: WorkerStart,
  report: (report: WorkerReport) => void,
): void {
  try {
    const interpreter = instantiate(module, memory)
    const words = new Int32Array(memory.buffer, control, Control.words)
    const word = (index: number): number => (words[index] as number) >>> 0
    const barrier = control + 4 * Control.barrier
    for (let generation = 0; ; ) {
      while (Atomics.load(words, Control.generation) === generation) {
        Atomics.wait(words, Control.generation, generation)
      }
      generation++
      const [program, iterations, times] = [
        word(Control.program),
        word(Control.iterations),
        word(Control.times),
      ]
      interpreter.run(program, iterations, times, barrier, part, parts)
      if (part === 0) report({ done: generation })
    }
  } catch (error) {
    report({ error: messageOf(error) })
  }
}
