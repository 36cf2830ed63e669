/**
 * The reference engine: plans run in plain TypeScript, clear before fast and without any dependency.
 * It is the oracle of the other engines.
 */

import { setImmediate } from 'node:timers/promises'
import { AtelierError, mismatch } from '../../core/errors.js'
import { Serial } from '../../core/serial.js'
import type { Graph } from '../../graph/graph.js'
import type { Plan } from '../../plan/plan.js'
import { checkedRun, readable, refuseBf16, writable } from '../checks.js'
import type {
  Classifier,
  ClassifierOptions,
  Engine,
  InputValues,
  Program,
  SharedWeights,
  Values,
} from '../engine.js'
import { PlanClassifier } from '../plan-classifier.js'
import { perform } from './kernels.js'
import { createMemory, type Memory, type Precision } from './memory.js'

/** Longest time in milliseconds for which the event loop has to wait, long kernels' own parts aside. */
const patience = 30

/** Runs f32 plans with values kept in f32 (sums in f64), or, for finite differences, all in f64. */
export function createReferenceEngine(options: { readonly precision?: Precision } = {}): Engine {
  return new ReferenceEngine(options.precision ?? 'f32')
}

class ReferenceEngine implements Engine {
  readonly name = 'reference'
  readonly slow = true
  readonly description: string
  readonly threads = 1
  readonly bf16 = false
  private readonly tasks = new Serial()

  constructor(private readonly precision: Precision) {
    this.description = `reference engine in TypeScript, ${precision}, 1 thread`
  }

  async compile(plan: Plan, shareWith?: Program): Promise<Program> {
    refuseBf16(this.name, plan)
    if (shareWith && !(shareWith instanceof ReferenceProgram)) {
      throw new AtelierError(mismatch('program to share tensors with', 'one of this engine', 'another'))
    }
    const memory = createMemory(plan, this.precision, shareWith?.memory)
    return new ReferenceProgram(plan, memory, (task) => this.tasks.run(task))
  }

  classifier(graph: Graph, options: ClassifierOptions & Partial<SharedWeights>): Promise<Classifier> {
    return PlanClassifier.compile(this, graph, options)
  }
}

type Enqueue = <T>(task: () => Promise<T>) => Promise<T>

class ReferenceProgram implements Program {
  private held: Memory | null

  constructor(
    readonly plan: Plan,
    memory: Memory,
    private readonly enqueue: Enqueue,
  ) {
    this.held = memory
  }

  get memory(): Memory {
    if (this.held === null) throw new Error('the program has been disposed of')
    return this.held
  }

  async run(
    iterations: number,
    inputs: Readonly<Record<string, InputValues>>,
    outputs: Readonly<Record<string, Values>>,
  ): Promise<void> {
    const { memory, plan } = this
    const checked = checkedRun(plan, iterations, inputs, outputs)
    const fed = Object.values(plan.inputs).map((id, i) => {
      return { storage: memory.storage(id), values: checked.inputs[i] as InputValues }
    })
    const taken = Object.values(plan.outputs).map((id, i) => {
      return { storage: memory.values(id), values: checked.outputs[i] as Values }
    })
    await this.enqueue(async () => {
      let paused = performance.now()
      for (let iteration = 0; iteration < iterations; iteration++) {
        for (const { storage, values } of fed) storage.set(part(values, iteration, storage.length))
        for (const step of plan.steps) {
          for (const _ of perform(step, memory)) paused = await pauseIfDue(paused)
          paused = await pauseIfDue(paused)
        }
        for (const { storage, values } of taken) values.set(storage, iteration * storage.length)
      }
    })
  }

  read(names: readonly string[]): Promise<Map<string, Values>> {
    return this.enqueue(async () => {
      const { memory, plan } = this
      return new Map(
        names.map((name) => {
          const id = readable(plan, name)
          const values = memory.scratch(memory.storage(id).length)
          values.set(memory.storage(id))
          return [name, values]
        }),
      )
    })
  }

  write(values: ReadonlyMap<string, Values>): Promise<void> {
    return this.enqueue(async () => {
      const { memory, plan } = this
      for (const [name, source] of values) memory.values(writable(plan, name, source)).set(source)
    })
  }

  dispose(): void {
    this.held = null
  }
}

function part(values: InputValues, iteration: number, size: number): InputValues {
  return values.subarray(iteration * size, (iteration + 1) * size)
}

/** Lets the event loop turn if it has waited long enough; answers when it last did. */
async function pauseIfDue(paused: number): Promise<number> {
  if (performance.now() - paused < patience) return paused
  await setImmediate()
  return performance.now()
}
