/** Threads that share the memory: they work beside the caller's event loop and sleep between calls. */
import { AtelierError } from '../../core/errors.js'
import type { Job, Lane } from './lane.js'
import type { LinearMemory } from './memory.js'
import type { WasmModule } from './webassembly.js'
import { Control, type WorkerReport, type WorkerStart } from './work.js'

/** A thread as the pool sees it. */
export interface Thread {
  /** Whether it keeps the process alive. */
  hold(alive: boolean): void
  /** Settles when it is gone. */
  stop(): Promise<unknown>
}

/** Starts a thread that calls `work`; `failed` is told once where it ends by itself. */
export type ThreadStarter = (
  start: WorkerStart,
  reported: (report: WorkerReport) => void,
  failed: (reason: string) => void,
) => Thread

interface Running {
  /** Address of the control block. */
  readonly address: number
  readonly control: Int32Array
  readonly threads: readonly Thread[]
}

export class Pool implements Lane {
  private running: Running | null = null
  private current: { resolve(): void; reject(reason: string): void } | null = null

  constructor(
    readonly threads: number,
    private readonly module: WasmModule,
    private readonly memory: LinearMemory,
    private readonly start: ThreadStarter,
  ) {}

  async run({ program, iterations, times }: Job): Promise<void> {
    this.running ??= this.startThreads()
    const { control, threads } = this.running
    const done = new Promise<void>((resolve, reject) => {
      this.current = { resolve, reject: (reason) => reject(new AtelierError(reason)) }
    })
    control[Control.program] = program
    control[Control.iterations] = iterations
    control[Control.times] = times
    for (const thread of threads) thread.hold(true)
    Atomics.add(control, Control.generation, 1)
    Atomics.notify(control, Control.generation)
    try {
      await done
    } catch (error) {
      await this.stopThreads()
      throw error
    } finally {
      this.current = null
      for (const thread of threads) thread.hold(false)
    }
  }

  private startThreads(): Running {
    const { module, memory } = this
    const address = memory.allocate(4 * Control.words)
    const control = memory.i32(address, Control.words).fill(0)
    const threads = Array.from({ length: this.threads }, (_, part) => {
      const start = { module, memory: memory.wasm, control: address, part, parts: this.threads }
      return this.start(
        start,
        (report) => {
          if ('done' in report) this.current?.resolve()
          else this.failed(control, report.error)
        },
        (reason) => this.failed(control, reason),
      )
    })
    return { address, control, threads }
  }

  /** The others wait for the one that failed, and always would: the next run has new ones. */
  private async stopThreads(): Promise<void> {
    const { running } = this
    if (running === null) return
    this.running = null
    await Promise.all(running.threads.map((thread) => thread.stop()))
    this.memory.free(running.address)
  }

  private failed(control: Int32Array, reason: string): void {
    // Threads that were stopped say that they ended.
    if (this.running?.control !== control) return
    if (this.current === null) void this.stopThreads()
    else this.current.reject(`wasm engine: a thread failed: ${reason}`)
  }
}
