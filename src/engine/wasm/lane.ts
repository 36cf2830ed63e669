/** Where programs run: a lane runs one job at a time, in the order of the calls. */
import type { Interpreter } from './instance.js'

export interface Job {
  /** Address of the program. */
  readonly program: number
  readonly calls: number
  readonly iterations: number
  /** Address of f64 seconds, to which those of each call are added, last those of inputs and outputs; or 0. */
  readonly times: number
}

export interface Lane {
  /** The parts into which kernels divide their work. */
  readonly threads: number
  run(job: Job): Promise<void>
}

/** On the caller's own thread at once, for what is shorter than the way to another thread. */
export class InstantLane implements Lane {
  readonly threads = 1

  constructor(private readonly interpreter: Interpreter) {}

  async run({ program, iterations, times }: Job): Promise<void> {
    this.interpreter.run(program, iterations, times, 0, 0, 1)
  }
}

/** Longest time in milliseconds for which the event loop has to wait, one call of a kernel aside. */
const PATIENCE = 30

/** On the caller's own thread where no other can share the memory; the event loop turns between calls. */
export class InlineLane implements Lane {
  readonly threads = 1

  constructor(
    private readonly interpreter: Interpreter,
    private readonly secondsAt: (address: number, length: number) => Float64Array,
  ) {}

  async run({ program, calls, iterations, times }: Job): Promise<void> {
    let paused = performance.now()
    const seconds = times === 0 ? null : this.secondsAt(times, calls + 1)
    const timed = (place: number, work: () => void): void => {
      const begun = performance.now()
      work()
      if (seconds !== null) seconds[place] = (seconds[place] as number) + (performance.now() - begun) / 1000
    }
    for (let iteration = 0; iteration < iterations; iteration++) {
      timed(calls, () => this.interpreter.feed(program, iteration))
      for (let call = 0; call < calls; call++) {
        timed(call, () => this.interpreter.perform(program, call, 0, 1))
        if (performance.now() - paused < PATIENCE) continue
        await turn()
        paused = performance.now()
      }
      timed(calls, () => this.interpreter.take(program, iteration))
    }
  }
}

/** Lets the event loop turn. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))
