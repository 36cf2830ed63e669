/** What the benchmark and its contestants say to each other, and what comes out. */
import type { Graph } from '#atelier/graph/graph.js'
import type { ModelName } from '#atelier/models/index.js'

export const tasks = ['training', 'one', 'thousand'] as const
/** Training, inference of one image, inference of 1,000. */
export type Task = (typeof tasks)[number]

export type Precision = 'f32' | 'bf16'
/** The network sees scale * pixel + shift of a pixel 0 ... 255. */
export interface Pixels {
  readonly scale: number
  readonly shift: number
}

export interface BenchModel {
  readonly name: ModelName
  readonly graph: Graph
  /** Of training. */
  readonly batch: number
  readonly pixels: Pixels
}

/** Where the weights, layers and images of all models lie, for every contestant to read. */
export interface Material {
  readonly folder: string
  readonly models: readonly BenchModel[]
}

/** Threads of the contestant's own pool, and of its BLAS where that has another one. */
export interface Threads {
  readonly own: number
  readonly blas: number
}

/** A way of doing a task. What else it holds is the contestant's own business. */
export interface Mode {
  readonly name: string
  readonly precision: Precision
}

/** What a contestant is asked to prepare. */
export interface Assignment {
  readonly task: Task
  readonly model: ModelName
  readonly batch: number
  readonly pixels: Pixels
  readonly folder: string
  readonly threads: number
  /** Whether the processor has bf16. */
  readonly bf16: boolean
  readonly quick: boolean
  /** Of contestants with several. */
  readonly mode?: Mode
}

/** What a contestant has prepared. */
export interface Prepared {
  readonly version?: string
  /** In words, where the assignment named none. */
  readonly mode?: string
  readonly precision?: Precision
  /** Of the first test image; none in training. */
  readonly logits?: readonly number[] | null
}

/** Images in so many seconds. */
export interface Done {
  readonly images: number
  readonly seconds: number
}

/** A turn of Atelier's training also tells what it did to the event loop. */
export interface Turn extends Done {
  /** Seconds of waiting for batches. */
  readonly waited?: number
  /** Milliseconds by which a timer was late, each time. */
  readonly lateness?: readonly number[]
}

/** A mode with the threads it runs in, and how it did; `failed` says why it did not. */
export interface Trial {
  readonly threads: Threads
  readonly mode: Mode
  readonly rate: number
  readonly failed?: string
}

/** How one contestant did one task of one model. */
export interface Result {
  readonly model: ModelName
  readonly task: Task
  readonly id: string
  readonly title: string
  /** What ratios are claimed over. */
  readonly kind: Kind
  readonly mode?: string
  readonly precision?: Precision
  readonly version?: string
  readonly trials?: readonly Trial[]
  readonly measured?: Measured
  /** Why there is no figure; `failed` where there should be one. */
  readonly missing?: string
  readonly failed?: boolean
}

export type Kind = 'atelier' | 'pytorch' | 'onnxruntime' | 'wasm' | 'javascript'

export interface Measured {
  readonly rounds: readonly Done[]
  /** Images a second: median, lowest and highest of the rounds. */
  readonly rate: number
  readonly lowest: number
  readonly highest: number
  /** A second. */
  readonly flops: number
  /** The largest resident set in bytes, where the system tells. */
  readonly peakMemory: number | null
  readonly eventLoop?: EventLoop
}

/** Of a training: by how many milliseconds a timer was late, and the share of time that it waited for batches. */
export interface EventLoop {
  readonly median: number
  readonly p99: number
  readonly worst: number
  readonly waiting: number
}
