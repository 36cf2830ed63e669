/** Engines' best rates at a matrix product, in each precision: MFU is a share of the native one's, oneDNN's. */
import type { Product, ProductTimes } from '../contestants/peak.js'
import type { Child } from './child.js'
import { nodeChild } from './contestants.js'
import { matrixShapes } from './flops.js'
import { median } from './statistics.js'
import type { BenchModel, Precision } from './types.js'

const LARGE: Product = [2048, 2048, 2048]
/** What a WebAssembly kernel is known by. */
const COMMON: Product = [512, 512, 512]
const REPETITIONS = 10

/** The product of the highest median rate; rates in flop/s. */
export interface PeakRate {
  readonly shape: Product
  readonly repetitions: number
  readonly rate: number
  readonly fastest: number
}
export type PeakRates = Partial<Record<Precision, PeakRate>>

export class Peak {
  private readonly measured = new Map<string, ProductTimes>()

  private constructor(private readonly child: Child) {}

  /** Matrix products of the models at their batches, and a large one. */
  static async create(models: readonly BenchModel[], threads: number): Promise<Peak> {
    const all = [LARGE, ...models.flatMap(({ graph, batch }) => matrixShapes(graph, batch))]
    const shapes = [...new Map(all.map((shape) => [shape.join(), shape])).values()]
    return Peak.open('native', shapes, threads)
  }

  /** Of the wasm engine, on one thread. */
  static ofWasm(): Promise<Peak> {
    return Peak.open('wasm', [COMMON], 1)
  }

  private static async open(
    engine: 'native' | 'wasm',
    shapes: readonly Product[],
    threads: number,
  ): Promise<Peak> {
    const peak = new Peak(nodeChild('contestants/peak.ts', { own: threads, blas: threads }))
    await peak.child.ask('prepare', { engine, shapes, threads })
    return peak
  }

  /** Ten more repetitions of each product. */
  async measure(): Promise<void> {
    const { measured } = await this.child.ask<{ measured: ProductTimes[] }>('run', {
      repetitions: REPETITIONS,
    })
    for (const times of measured) {
      const key = `${times.precision} ${times.shape.join()}`
      const before = this.measured.get(key)?.seconds ?? []
      this.measured.set(key, { ...times, seconds: [...before, ...times.seconds] })
    }
  }

  results(): PeakRates {
    const best: PeakRates = {}
    for (const { shape, precision, seconds } of this.measured.values()) {
      const flops = 2 * shape[0] * shape[1] * shape[2]
      const rate = flops / median(seconds)
      if (rate <= (best[precision]?.rate ?? 0)) continue
      best[precision] = { shape, repetitions: seconds.length, rate, fastest: flops / Math.min(...seconds) }
    }
    return best
  }

  stop(): Promise<void> {
    return this.child.stop()
  }
}
