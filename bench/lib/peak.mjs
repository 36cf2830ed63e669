// The measured peak that MFU is a share of: oneDNN's best rate at a matrix product, in each precision.
import { nodeChild } from './contestants.mjs'
import { matrixShapes } from './flops.mjs'
import { median } from './statistics.mjs'

const LARGE = [2048, 2048, 2048]
const REPETITIONS = 10

export class Peak {
  #child
  #seconds = new Map()

  /** Matrix products of the models at their batches, and a large one. */
  static async create(models, { threads }, env) {
    const peak = new Peak()
    const all = [LARGE, ...models.flatMap(({ graph, batch }) => matrixShapes(graph, batch))]
    const shapes = [...new Map(all.map((shape) => [shape.join(), shape])).values()]
    peak.#child = nodeChild('peak.mjs', env)
    await peak.#child.ask('prepare', { shapes, precisions: ['f32', 'bf16'], threads })
    return peak
  }

  /** Ten more repetitions of each product. */
  async measure() {
    const { measured } = await this.#child.ask('run', { repetitions: REPETITIONS })
    for (const { shape, precision, seconds } of measured) {
      const key = JSON.stringify({ shape, precision })
      this.#seconds.set(key, [...(this.#seconds.get(key) ?? []), ...seconds])
    }
  }

  /** For each precision the shape of the highest median rate: { shape, repetitions, rate, fastest } in flop/s. */
  results() {
    const best = {}
    for (const [key, seconds] of this.#seconds) {
      const { shape, precision } = JSON.parse(key)
      const flops = 2 * shape[0] * shape[1] * shape[2]
      const [rate, fastest] = [flops / median(seconds), flops / Math.min(...seconds)]
      if (rate > (best[precision]?.rate ?? 0)) {
        best[precision] = { shape, repetitions: seconds.length, rate, fastest }
      }
    }
    return best
  }

  stop() {
    return this.#child.stop()
  }
}
