/**
 * The native engine: plans run on oneDNN, in native memory, on a thread of their own beside the event loop, those
 * of few images through a small model at once.
 */
import { usableCores } from '../../core/cores.js'
import { AtelierError, messageOf, mismatch } from '../../core/errors.js'
import { sizeOf } from '../../core/shape.js'
import type { Graph } from '../../graph/graph.js'
import { operandsOf, type Step, type TensorId } from '../../graph/steps.js'
import { planFlops } from '../../plan/flops.js'
import { type DType, type Plan, tensorOf } from '../../plan/plan.js'
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
import {
  loadAddon,
  type NativeAddon,
  type NativeContext,
  type NativeDescription,
  type NativePlan,
  type NativeProgram,
} from './addon.js'

/** Where a run's time went. */
export interface Profile {
  /** Seconds of each step of the plan, over all iterations. */
  readonly steps: Float64Array
  /** Seconds of inputs, outputs and of renewing the copies of the weights. */
  readonly rest: number
}

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
  const threads = options.threads ?? usableCores()
  if (!Number.isInteger(threads) || threads < 1 || threads > 1024) {
    throw new AtelierError(mismatch('threads', 'a whole number from 1 to 1024', String(threads)))
  }
  return new NativeEngine(state.addon, threads)
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

export class NativeEngineProgram implements Program {
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

  /** The same as `run`, with the time of each step. */
  async profile(
    iterations: number,
    inputs: Readonly<Record<string, InputValues>>,
    outputs: Readonly<Record<string, Values>>,
  ): Promise<Profile> {
    const seconds = (await this.start(iterations, inputs, outputs, true)) as Float64Array
    return { steps: seconds.subarray(0, -1), rest: seconds.at(-1) as number }
  }

  async read(names: readonly string[]): Promise<Map<string, Values>> {
    const ids = names.map((name) => this.readable(name))
    const values = ids.map((id) => new Float32Array(sizeOf(tensorOf(this.plan, id).shape)))
    await explained(() => this.native.read(ids, values))
    return new Map(names.map((name, i) => [name, values[i] as Float32Array]))
  }

  async write(values: ReadonlyMap<string, Values>): Promise<void> {
    const ids = [...values.keys()].map((name) => this.writable(name))
    const arrays = [...values].map(([name, source], i) => {
      const size = sizeOf(tensorOf(this.plan, ids[i] as TensorId).shape)
      if (source.length !== size) throw new AtelierError(mismatch(name, `${size} values`, `${source.length}`))
      return source instanceof Float32Array ? source : Float32Array.from(source)
    })
    await explained(() => this.native.write(ids, arrays))
  }

  describe(): NativeDescription {
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
    if (!Number.isInteger(iterations) || iterations < 0) {
      throw new AtelierError(mismatch('iterations', 'a whole number', String(iterations)))
    }
    const fed = Object.entries(this.plan.inputs).map(([name, id]) =>
      this.checkedInput(name, id, inputs[name], iterations),
    )
    const taken = Object.entries(this.plan.outputs).map(([name, id]) =>
      this.checkedOutput(name, id, outputs[name], iterations),
    )
    const results = taken.map((array) =>
      array instanceof Float32Array ? array : new Float32Array(array.length),
    )
    const seconds = await explained(() => this.native.run(iterations, fed, results, profile))
    taken.forEach((array, i) => {
      if (array !== results[i]) array.set(results[i] as Float32Array)
    })
    return seconds
  }

  private checkedInput(name: string, id: TensorId, values: InputValues | undefined, iterations: number) {
    const { shape, dtype } = tensorOf(this.plan, id)
    const type = arrayTypes[dtype]
    const length = sizeOf(shape) * iterations
    if (type && values instanceof type && values.length === length) return values
    throw new AtelierError(
      mismatch(`input ${name}`, `${type?.name ?? dtype} of ${length} values`, described(values)),
    )
  }

  private checkedOutput(name: string, id: TensorId, values: Values | undefined, iterations: number): Values {
    const length = sizeOf(tensorOf(this.plan, id).shape) * iterations
    if (values?.length === length) return values
    throw new AtelierError(mismatch(`output ${name}`, `${length} values`, described(values)))
  }

  private readable(name: string): TensorId {
    const id = this.idOf(name, 'read')
    const { dtype } = tensorOf(this.plan, id)
    if (dtype === 'opaque' || dtype === 'u32') {
      throw new AtelierError(mismatch('tensor to read', 'one of numbers', `${name}, of type ${dtype}`))
    }
    return id
  }

  private writable(name: string): TensorId {
    const id = this.idOf(name, 'write')
    if (tensorOf(this.plan, id).persistent) return id
    throw new AtelierError(mismatch('tensor to write', 'a persistent one', `${name}, a temporary one`))
  }

  private idOf(name: string, purpose: 'read' | 'write'): TensorId {
    const id = this.plan.tensors.findIndex((spec) => spec.name === name)
    if (id < 0) throw new AtelierError(mismatch(`tensor to ${purpose}`, 'one of the plan', name))
    return id
  }
}

const arrayTypes: { readonly [D in DType]?: typeof Float32Array | typeof Uint8Array | typeof Uint32Array } = {
  f32: Float32Array,
  u8: Uint8Array,
  u32: Uint32Array,
}

function described(values: InputValues | Values | undefined): string {
  return values ? `${values.constructor.name} of ${values.length}` : 'none'
}

/**
 * Some 0.1 ms of one thread. Handing a plan to the engine's thread and hearing back takes 20 us and more, so up
 * to here a second thread does not make up for it: dnn takes 12 us for one image where it took 28, and 92 us
 * for 32 where it took 110.
 */
const INSTANT_FLOPS = 2e7

/** Whether a plan is so small that it runs on JavaScript's own thread at once. */
function isInstant(plan: Plan): boolean {
  return plan.mode === 'inference' && planFlops(plan) <= INSTANT_FLOPS
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
