/**
 * The native engine: plans run on oneDNN, in native memory, on a thread of their own beside the event loop, those
 * of few images through a small model at once.
 */
import { usableCores } from '../../core/cores.js'
import { AtelierError, messageOf, mismatch } from '../../core/errors.js'
import { sizeOf } from '../../core/shape.js'
import type { Graph } from '../../graph/graph.js'
import { operandsOf, type Step, type TensorId } from '../../graph/steps.js'
import { type Plan, tensorOf } from '../../plan/plan.js'
import { checkedRun, checkedThreads, isInstant, readable, writable } from '../checks.js'
import type {
  Classifier,
  ClassifierOptions,
  Engine,
  InputValues,
  MeasuredProgram,
  Profile,
  Program,
  ProgramDescription,
  SharedWeights,
  Values,
} from '../engine.js'
import { PlanClassifier } from '../plan-classifier.js'
import {
  loadAddon,
  type NativeAddon,
  type NativeContext,
  type NativePlan,
  type NativeProgram,
} from './addon.js'

/**
 * An engine with a thread and an OpenMP pool of its own; `threads` defaults to `usableCores`. Throws where the addon cannot be loaded.
 */
export async function createNativeEngine(options: { readonly threads?: number } = {}): Promise<NativeEngine> {
  const state = loadAddon()
  if (state.addon === null) {
    throw new AtelierError(
      `The native engine is not available: ${state.reason}. To change that: ${state.hint}.`,
    )
  }
  return new NativeEngine(state.addon, checkedThreads(options.threads ?? usableCores()))
}

export class NativeEngine implements Engine {
  readonly name = 'native'
  readonly slow = false
  readonly description: string
  readonly bf16: boolean
  private readonly context: NativeContext
  /** Works on JavaScript's own thread. */
  private instant: NativeContext | undefined

  constructor(
    private readonly addon: NativeAddon,
    readonly threads: number,
  ) {
    this.bf16 = addon.bf16
    this.description = `oneDNN ${addon.onednn}, ${addon.isa}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
    this.context = new addon.Context(threads)
  }

  async compile(plan: Plan, shareWith?: Program): Promise<NativeEngineProgram> {
    if (shareWith && !(shareWith instanceof NativeEngineProgram && shareWith.engine === this)) {
      throw new AtelierError(mismatch('program to share tensors with', 'one of this engine', 'another'))
    }
    if (!this.bf16 && plan.tensors.some((spec) => spec.dtype === 'bf16')) {
      throw new AtelierError(
        mismatch('precision', 'f32 on this processor', 'bf16', 'Use --precision f32 or auto'),
      )
    }
    // What shares tensors works on the same thread, so that the calls of both stay in their order.
    const context = shareWith?.context ?? (isInstant(plan) ? this.instantContext() : this.context)
    const compile = () => context.compile(crossing(plan, !shareWith), shareWith?.native ?? null)
    return new NativeEngineProgram(this, plan, await explained(compile), context)
  }

  classifier(graph: Graph, options: ClassifierOptions & Partial<SharedWeights>): Promise<Classifier> {
    return PlanClassifier.compile(this, graph, options)
  }

  private instantContext(): NativeContext {
    this.instant ??= new this.addon.Context(0)
    return this.instant
  }
}

export class NativeEngineProgram implements MeasuredProgram {
  constructor(
    readonly engine: NativeEngine,
    readonly plan: Plan,
    readonly native: NativeProgram,
    readonly context: NativeContext,
  ) {}

  async run(
    iterations: number,
    inputs: Readonly<Record<string, InputValues>>,
    outputs: Readonly<Record<string, Values>>,
  ): Promise<void> {
    await this.start(iterations, inputs, outputs, false)
  }

  async profile(
    iterations: number,
    inputs: Readonly<Record<string, InputValues>>,
    outputs: Readonly<Record<string, Values>>,
  ): Promise<Profile> {
    const seconds = (await this.start(iterations, inputs, outputs, true)) as Float64Array
    return { steps: seconds.subarray(0, -1), rest: seconds.at(-1) as number }
  }

  async read(names: readonly string[]): Promise<Map<string, Values>> {
    const ids = names.map((name) => readable(this.plan, name))
    const values = ids.map((id) => new Float32Array(sizeOf(tensorOf(this.plan, id).shape)))
    await explained(() => this.native.read(ids, values))
    return new Map(names.map((name, i) => [name, values[i] as Float32Array]))
  }

  async write(values: ReadonlyMap<string, Values>): Promise<void> {
    const ids = [...values].map(([name, source]) => writable(this.plan, name, source))
    const arrays = [...values.values()].map((source) =>
      source instanceof Float32Array ? source : Float32Array.from(source),
    )
    await explained(() => this.native.write(ids, arrays))
  }

  describe(): ProgramDescription {
    return this.native.describe()
  }

  dispose(): void {
    this.native.dispose()
  }

  private async start(
    iterations: number,
    inputs: Readonly<Record<string, InputValues>>,
    outputs: Readonly<Record<string, Values>>,
    profile: boolean,
  ): Promise<Float64Array | undefined> {
    const { inputs: fed, outputs: taken } = checkedRun(this.plan, iterations, inputs, outputs)
    const results = taken.map((array) =>
      array instanceof Float32Array ? array : new Float32Array(array.length),
    )
    const seconds = await explained(() => this.native.run(iterations, fed, results, profile))
    taken.forEach((array, i) => {
      if (array !== results[i]) array.set(results[i] as Float32Array)
    })
    return seconds
  }
}

/** The plan as the addon reads it; `alone` when no other program shares its weights, to train them. */
function crossing(plan: Plan, alone: boolean): NativePlan {
  return {
    tensors: plan.tensors,
    steps: plan.steps.map((step) => ({ ...step, title: titleOf(plan, step) })),
    slots: plan.slots,
    fixedWeights: alone && plan.mode === 'inference',
    inputs: Object.values(plan.inputs),
    outputs: Object.values(plan.outputs),
  }
}

/** `dense: pixels, dense1.weight, dense1.bias -> dense1`; the update steps' long lists are cut. */
function titleOf(plan: Plan, step: Step): string {
  const { reads, writes } = operandsOf(step)
  const list = (ids: readonly TensorId[]): string => {
    const names = ids.slice(0, 4).map((id) => plan.tensors[id]?.name ?? `tensor ${id}`)
    return `${names.join(', ')}${ids.length > 4 ? ', ...' : ''}`
  }
  return `${step.kind}: ${list(reads)} -> ${list(writes)}`
}

/** The addon's errors are worded for people: pass them on as ours. */
async function explained<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new AtelierError(`native engine: ${messageOf(error)}`, { cause: error })
  }
}
