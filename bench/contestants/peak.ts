/** An engine's rate at plain matrix products: of the native one, oneDNN's, that is the machine's peak. */
import { chooseEngine } from '#atelier/engine/choose.js'
import { type MeasuredProgram, tellsTimes } from '#atelier/engine/engine.js'
import type { DType, Plan, TensorSpec } from '#atelier/plan/plan.js'
import type { Precision } from '../lib/types.js'
import { serve } from './protocol.js'

/** [m, k] x [k, n]. */
export type Product = readonly [m: number, k: number, n: number]
/** Seconds of each repetition of a product. */
export interface ProductTimes {
  readonly shape: Product
  readonly precision: Precision
  readonly seconds: readonly number[]
}
interface Prepared {
  readonly shape: Product
  readonly precision: Precision
  readonly program: MeasuredProgram
  readonly images: Uint8Array
}
interface PrepareRequest {
  readonly engine: 'native' | 'wasm'
  readonly shapes: readonly Product[]
  readonly threads: number
}

/** A plan whose second step is the product [m, k] x [k, n]; the first makes activations of bytes. */
function productPlan([m, k, n]: Product, precision: Precision): Plan {
  const whole = [0, 1] as const
  const temporary = (name: string, shape: readonly number[], dtype: DType, slot: number): TensorSpec => ({
    name,
    shape,
    dtype,
    persistent: false,
    slot,
    lifetime: whole,
  })
  const kept = (name: string, shape: readonly number[]): TensorSpec => ({
    name,
    shape,
    dtype: 'f32',
    persistent: true,
    slot: null,
    lifetime: whole,
  })
  return {
    mode: 'inference',
    batch: m,
    tensors: [
      temporary('images', [m, k], 'u8', 0),
      temporary('src', [m, k], precision, 1),
      kept('weights', [n, k]),
      kept('bias', [n]),
      temporary('dst', [m, n], precision, 2),
    ],
    steps: [
      { kind: 'rescale', src: 0, dst: 1, scale: 1 / 255, shift: -0.5 },
      { kind: 'dense', src: 1, weights: 2, bias: 3, dst: 4, relu: false },
    ],
    slots: 3,
    inputs: { images: 0 },
    outputs: {},
  }
}

let products: Prepared[] = []

await serve({
  async prepare({ engine: name, shapes, threads }: PrepareRequest) {
    const { engine } = await chooseEngine({ engine: name, threads })
    products = []
    for (const precision of engine.bf16 ? (['f32', 'bf16'] as const) : (['f32'] as const)) {
      for (const shape of shapes) {
        const [m, k, n] = shape
        const program = await engine.compile(productPlan(shape, precision))
        if (!tellsTimes(program)) throw new Error(`the engine ${name} does not tell the time of a step`)
        const weights = Float32Array.from({ length: n * k }, (_, i) => ((i * 0.618) % 1) - 0.5)
        await program.write(new Map([['weights', weights]]))
        const images = Uint8Array.from({ length: m * k }, (_, i) => (i * 97) % 251)
        await program.run(1, { images }, {})
        products.push({ shape, precision, program, images })
      }
    }
    return { version: engine.description }
  },
  /** Seconds of each repetition of each product's step alone. */
  async run({ repetitions }: { repetitions: number }): Promise<{ measured: ProductTimes[] }> {
    const measured: ProductTimes[] = []
    for (const { shape, precision, program, images } of products) {
      const seconds: number[] = []
      for (let i = 0; i < repetitions; i++) {
        const profile = await program.profile(1, { images }, {})
        seconds.push(profile.steps[1] ?? Number.NaN)
      }
      measured.push({ shape, precision, seconds })
    }
    return { measured }
  },
})
