/**
 * The wasm engine: plans run as WebAssembly that was compiled beforehand, on any system. Of the host it needs the
 * binaries and, where threads can share memory, threads (node.ts).
 */
import { AtelierError, mismatch } from '../../core/errors.js'
import { Serial } from '../../core/serial.js'
import type { Graph } from '../../graph/graph.js'
import type { Plan } from '../../plan/plan.js'
import { isInstant, refuseBf16 } from '../checks.js'
import type { Classifier, ClassifierOptions, Engine, Program, SharedWeights } from '../engine.js'
import { PlanClassifier } from '../plan-classifier.js'
import { binaryName, type Features, featuresOf } from './binary.js'
import { instantiate } from './instance.js'
import { InlineLane, InstantLane } from './lane.js'
import { Arena } from './layout.js'
import { LinearMemory } from './memory.js'
import { Pool, type ThreadStarter } from './pool.js'
import { type Track, WasmProgram } from './program.js'
import { type WasmModule, webAssembly } from './webassembly.js'

export interface WasmHost {
  /** The bytes of the binary of that name. */
  binary(name: string): Promise<Uint8Array>
  /** Null where there are no threads. */
  readonly startThread: ThreadStarter | null
}

export interface WasmOptions {
  readonly threads: number
  readonly features?: Features
}

export async function openWasmEngine(host: WasmHost, options: WasmOptions): Promise<WasmEngine> {
  const found = options.features ?? featuresOf()
  if (found === null) {
    throw new AtelierError(
      mismatch('The wasm engine', 'a runtime whose WebAssembly has SIMD', 'one without', 'Use a newer one'),
    )
  }
  const features = { ...found, shared: found.shared && host.startThread !== null }
  const module = await webAssembly.compile(await host.binary(binaryName(features)))
  return new WasmEngine(module, features, options.threads, host.startThread)
}

export class WasmEngine implements Engine {
  readonly name = 'wasm'
  readonly slow = false
  readonly bf16 = false
  readonly description: string
  readonly threads: number
  readonly memory: LinearMemory
  private readonly main: Track
  private readonly instant: Track

  constructor(
    module: WasmModule,
    readonly features: Features,
    threads: number,
    startThread: ThreadStarter | null,
  ) {
    this.memory = new LinearMemory(features.shared)
    const interpreter = instantiate(module, this.memory.wasm)
    const inline = new InlineLane(interpreter, (address, length) => this.memory.f64(address, length))
    const pooled = features.shared && startThread !== null
    const lane = pooled ? new Pool(threads, module, this.memory, startThread) : inline
    this.threads = lane.threads
    this.main = { lane, arena: new Arena(this.memory), tasks: new Serial() }
    this.instant = {
      lane: new InstantLane(interpreter),
      arena: new Arena(this.memory),
      tasks: new Serial(),
    }
    const simd = features.relaxed ? 'relaxed SIMD' : 'SIMD'
    const count = `${this.threads} ${this.threads === 1 ? 'thread' : 'threads'}`
    this.description = `WebAssembly, ${simd}, ${count}${pooled ? '' : ' without shared memory'}`
  }

  async compile(plan: Plan, shareWith?: Program): Promise<WasmProgram> {
    if (shareWith && !(shareWith instanceof WasmProgram && shareWith.engine === this)) {
      throw new AtelierError(mismatch('program to share tensors with', 'one of this engine', 'another'))
    }
    refuseBf16(this.name, plan)
    // What shares tensors works in the same place, so that the calls of both stay in their order.
    const track = shareWith?.track ?? (isInstant(plan) ? this.instant : this.main)
    return new WasmProgram(this, plan, track, this.memory, shareWith)
  }

  classifier(graph: Graph, options: ClassifierOptions & Partial<SharedWeights>): Promise<Classifier> {
    return PlanClassifier.compile(this, graph, options)
  }
}
