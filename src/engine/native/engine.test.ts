import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { PlanSketch } from '../../../test/support/plans.js'
import type { Plan } from '../../plan/plan.js'
import { createReferenceEngine } from '../reference/engine.js'
import { loadAddon } from './addon.js'
import { createNativeEngine } from './engine.js'

const available = loadAddon().addon !== null

/** metrics-like output: dst = 2 src + 1 over inputs of four values. */
function doubling(): Plan {
  const sketch = new PlanSketch()
  const src = sketch.input('src', [2, 2], 'f32')
  const dst = sketch.temporary('dst', [2, 2])
  sketch.emit({ kind: 'rescale', src, dst, scale: 2, shift: 1 })
  sketch.output('dst', dst)
  return sketch.plan()
}

/** dst = src weights^T + bias, from an input to an output. */
function linear(
  activations: 'f32' | 'bf16',
  shape: { rows: number; in: number; out: number },
  mode: Plan['mode'] = 'training',
): Plan {
  const sketch = new PlanSketch()
  const images = sketch.input('images', [shape.rows, shape.in], 'f32')
  const src = sketch.temporary('src', [shape.rows, shape.in], activations)
  const weights = sketch.persistent('weights', [shape.out, shape.in])
  const bias = sketch.persistent('bias', [shape.out])
  const dst = sketch.temporary('dst', [shape.rows, shape.out])
  sketch.emit({ kind: 'rescale', src: images, dst: src, scale: 1, shift: 0 })
  sketch.emit({ kind: 'dense', src, weights, bias, dst, relu: false })
  sketch.output('dst', dst)
  return sketch.plan({ mode })
}

/** One SGD step of rate 1 by a gradient of ones: weights - 1. */
function decrement(shape: readonly number[]): Plan {
  const sketch = new PlanSketch()
  const hyper = sketch.input('hyper', [4], 'f32')
  const ones = sketch.input('ones', shape, 'f32')
  const gradient = sketch.temporary('gradient', shape)
  const [weights, velocity] = [sketch.persistent('weights', shape), sketch.persistent('velocity', shape)]
  sketch.emit({ kind: 'rescale', src: ones, dst: gradient, scale: 1, shift: 0 })
  const parameter = { weights, gradient, velocity, average: null, decays: false }
  sketch.emit({ kind: 'sgd', hyper, parameters: [parameter], momentum: 0, nesterov: false })
  return sketch.plan()
}

/** Node code that builds an engine from the addon alone, for processes of its own. */
function inAProcessOfItsOwn(code: string) {
  const addon = fileURLToPath(new URL('../../../native/build/Release/atelier.node', import.meta.url))
  const step = { kind: 'rescale', title: 'rescale', src: 0, dst: 1, scale: 1, shift: 0 }
  const tensor = { name: 'a', shape: [1000], dtype: 'f32', persistent: false, slot: 0 }
  const tensors = [tensor, { ...tensor, name: 'b', slot: 1 }]
  const plan = JSON.stringify({
    tensors,
    steps: [step],
    slots: 2,
    fixedWeights: false,
    inputs: [],
    outputs: [],
  })
  const prelude = `const { Context } = require(${JSON.stringify(addon)})
    const compiled = new Context(2).compile(${plan}, null)`
  return spawnSync(process.execPath, ['-e', `${prelude}\n${code}`], { encoding: 'utf8', timeout: 55_000 })
}

describe.skipIf(!available)('the native engine', () => {
  it('gives each iteration its part of the inputs and outputs', async () => {
    const program = await (await createNativeEngine({ threads: 2 })).compile(doubling())
    const dst = new Float32Array(12)
    await program.run(3, { src: Float32Array.from({ length: 12 }, (_, i) => i) }, { dst })
    expect([...dst]).toEqual(Array.from({ length: 12 }, (_, i) => 2 * i + 1))
  })

  it('reads inputs that lie in shared memory and fills f64 outputs', async () => {
    const program = await (await createNativeEngine({ threads: 1 })).compile(doubling())
    const src = new Float32Array(new SharedArrayBuffer(32), 16, 4)
    src.set([1, 2, 3, 4])
    const dst = new Float64Array(4)
    await program.run(1, { src }, { dst })
    expect([...dst]).toEqual([3, 5, 7, 9])
  })

  it('runs calls in the order in which they were made', async () => {
    const program = await (await createNativeEngine({ threads: 2 })).compile(decrement([64]))
    const inputs = { hyper: Float32Array.of(1, 0, 0, 0), ones: new Float32Array(64).fill(1) }
    const calls = [
      program.write(new Map([['weights', new Float32Array(64).fill(10)]])),
      program.run(1, inputs, {}),
      program.read(['weights']),
      program.run(1, inputs, {}),
      program.read(['weights']),
    ] as const
    const [, , first, , second] = await Promise.all(calls)
    expect(first.get('weights')?.[63]).toBe(9)
    expect(second.get('weights')?.[63]).toBe(8)
  })

  it('reads temporaries right after a run of their own program alone', async () => {
    const engine = await createNativeEngine({ threads: 1 })
    const inputs = { src: Float32Array.of(1, 2, 3, 4) }
    const first = await engine.compile(doubling())
    await first.run(1, inputs, { dst: new Float32Array(4) })
    expect([...((await first.read(['dst'])).get('dst') ?? [])]).toEqual([3, 5, 7, 9])
    first.dispose()
    // One of them may lie where the first one did.
    for (let i = 0; i < 20; i++) {
      const other = await engine.compile(doubling())
      await expect(other.read(['dst'])).rejects.toThrow(
        /dst: expected to be read right after a run of its own/,
      )
      other.dispose()
    }
  })

  it('keeps the order of calls between programs that share tensors, one of which is done at once', async () => {
    const engine = await createNativeEngine({ threads: 2 })
    const instant = await engine.compile(linear('f32', { rows: 1, in: 4, out: 4 }, 'inference'))
    const large = await engine.compile(linear('f32', { rows: 4096, in: 4, out: 4 }, 'inference'), instant)
    const weights = (value: number) => new Map([['weights', new Float32Array(16).fill(value)]])
    await instant.write(weights(1))
    const dst = new Float32Array(4096 * 4)
    const done = large.run(1, { images: new Float32Array(4096 * 4).fill(1) }, { dst })
    await instant.write(weights(2))
    await done
    expect([dst[0], dst.at(-1)]).toEqual([4, 4])
    for (const program of [instant, large]) program.dispose()
  })

  it.each([
    ['small enough to be done at once', 1],
    ['large', 1024],
  ])('infers with weights as they were written last, a plan that is %s', async (_, rows) => {
    const shape = { rows, in: 70, out: 40 }
    const program = await (await createNativeEngine({ threads: 2 })).compile(
      linear('f32', shape, 'inference'),
    )
    const images = Float32Array.from({ length: rows * 70 }, (_, i) => i % 7)
    for (const factor of [1, -2]) {
      const weights = Float32Array.from({ length: 40 * 70 }, (_, i) => factor * (i % 5))
      await program.write(new Map([['weights', weights]]))
      const dst = new Float32Array(rows * 40)
      const done = program.run(1, { images }, { dst })
      if (rows === 1) expect(dst[1]).not.toBe(0)
      await done
      const products = Array.from({ length: 70 }, (_, i) => (weights[70 + i] as number) * (i % 7))
      // Small integers: exact in every order of summation.
      expect(dst[1]).toBe(products.reduce((sum, product) => sum + product))
    }
  })

  it('rejects what goes wrong in a plan that is done at once', async () => {
    const engine = await createNativeEngine({ threads: 2 })
    const plan = linear('f32', { rows: 1, in: 3, out: 4 }, 'inference')
    const broken = {
      ...plan,
      tensors: plan.tensors.map((spec) => (spec.name === 'weights' ? { ...spec, shape: [4, 5] } : spec)),
    }
    await expect(engine.compile(broken)).rejects.toThrow('expected 4 x 3, received 4 x 5')
    const program = await engine.compile(plan)
    await expect(program.run(1, { images: new Float32Array(2) }, {})).rejects.toThrow('of 3 values')
    program.dispose()
    const dst = new Float32Array(4)
    await expect(program.run(1, { images: new Float32Array(3) }, { dst })).rejects.toThrow('disposed')
  })

  it('keeps engines of different thread counts apart', async () => {
    const engines = await Promise.all([1, 2, 3].map((threads) => createNativeEngine({ threads })))
    const plan = linear('f32', { rows: 64, in: 300, out: 200 })
    const values = new Map([['weights', Float32Array.from({ length: 60_000 }, (_, i) => (i % 17) - 8)]])
    const images = Float32Array.from({ length: 64 * 300 }, (_, i) => (i % 5) - 2)
    const results = await Promise.all(
      engines.map(async (engine) => {
        const program = await engine.compile(plan)
        await program.write(values)
        const dst = new Float32Array(64 * 200)
        await program.run(1, { images }, { dst })
        return dst
      }),
    )
    // Small integers: exact in every order of summation.
    expect(results[1]).toEqual(results[0])
    expect(results[2]).toEqual(results[0])
    const foreign = await engines[0]?.compile(plan)
    await expect(engines[1]?.compile(plan, foreign)).rejects.toThrow('one of this engine')
  })

  it.each(['f32', 'bf16'] as const)('renews what %s programs keep of shared weights', async (activations) => {
    const engine = await createNativeEngine({ threads: 2 })
    if (activations === 'bf16' && !engine.bf16) return
    const shape = { rows: 2, in: 32, out: 16 }
    const forward = await engine.compile(linear(activations, shape))
    const update = await engine.compile(decrement([16, 32]), forward)
    const logits = async (): Promise<number | undefined> => {
      const dst = new Float32Array(32)
      await forward.run(1, { images: new Float32Array(64).fill(1) }, { dst })
      return dst[31]
    }
    await update.write(new Map([['weights', new Float32Array(512).fill(3)]]))
    expect(await logits()).toBe(96)
    await update.run(1, { hyper: Float32Array.of(1, 0, 0, 0), ones: new Float32Array(512).fill(1) }, {})
    expect(await logits()).toBe(64)
    update.dispose()
    expect(await logits()).toBe(64)
  })

  it('reads temporaries only right after a run of their own program', async () => {
    const engine = await createNativeEngine({ threads: 1 })
    const [one, other] = [await engine.compile(doubling()), await engine.compile(doubling())]
    const inputs = { src: Float32Array.of(1, 2, 3, 4) }
    await one.run(1, inputs, { dst: new Float32Array(4) })
    expect((await one.read(['dst'])).get('dst')).toEqual(Float32Array.of(3, 5, 7, 9))
    await other.run(1, inputs, { dst: new Float32Array(4) })
    await expect(one.read(['dst'])).rejects.toThrow('right after a run of its own program')
  })

  it('tells the time and the implementation of each step', async () => {
    const plan = linear('f32', { rows: 256, in: 512, out: 512 })
    const program = await (await createNativeEngine({ threads: 2 })).compile(plan)
    const images = new Float32Array(2 * 256 * 512)
    const profile = await program.profile(2, { images }, { dst: new Float32Array(2 * 256 * 512) })
    expect(profile.steps).toHaveLength(2)
    expect(profile.steps.every((seconds) => seconds > 0 && seconds < 10)).toBe(true)
    expect(profile.rest).toBeGreaterThan(0)
    const description = program.describe()
    expect(description.implementations).toHaveLength(2)
    expect(description.persistentBytes).toBe((512 * 512 + 512) * 4)
    expect(description.arenaBytes).toBeGreaterThanOrEqual(3 * 256 * 512 * 4)
  })

  it('names what is wrong with the arrays of a run', async () => {
    const program = await (await createNativeEngine({ threads: 1 })).compile(doubling())
    const [src, dst] = [new Float32Array(4), new Float32Array(4)]
    await expect(program.run(1, {}, { dst })).rejects.toThrow('input src: expected Float32Array of 4 values')
    await expect(program.run(2, { src }, { dst })).rejects.toThrow('of 8 values, received Float32Array of 4')
    await expect(program.run(1, { src: new Uint8Array(4) }, { dst })).rejects.toThrow('received Uint8Array')
    await expect(program.run(1, { src }, {})).rejects.toThrow('output dst: expected 4 values, received none')
    await expect(program.run(0.5, { src }, { dst })).rejects.toThrow('iterations')
    await expect(program.read(['nothing'])).rejects.toThrow('one of the plan, received nothing')
    await expect(program.write(new Map([['dst', dst]]))).rejects.toThrow('expected a persistent one')
    program.dispose()
    await expect(program.run(1, { src }, { dst })).rejects.toThrow('disposed')
  })

  it('names the step of a plan that cannot be compiled', async () => {
    const engine = await createNativeEngine({ threads: 1 })
    const plan = linear('f32', { rows: 2, in: 3, out: 4 })
    const broken: Plan = {
      ...plan,
      tensors: plan.tensors.map((spec) => (spec.name === 'weights' ? { ...spec, shape: [4, 5] } : spec)),
    }
    const message =
      "step 1 (dense: src, weights, bias -> dst): weights 'weights': expected 4 x 3, received 4 x 5"
    await expect(engine.compile(broken)).rejects.toThrow(message)
    const unknown = { ...plan, steps: [{ kind: 'softmax' }] as unknown as Plan['steps'] }
    await expect(engine.compile(unknown)).rejects.toThrow()
    const outside = { ...plan, slots: 1 }
    await expect(engine.compile(outside)).rejects.toThrow('expected a slot below 1, received 1')
  })

  it('refuses labels that are no class', async () => {
    const sketch = new PlanSketch()
    const logits = sketch.input('logits', [1, 3], 'f32')
    const labels = sketch.input('labels', [1], 'u8')
    const [metrics, diffLogits] = [sketch.temporary('metrics', [2]), sketch.temporary('diff', [1, 3])]
    sketch.emit({
      kind: 'softmaxCrossEntropy',
      logits,
      labels,
      targets: null,
      exampleWeights: null,
      metrics,
      diffLogits,
      smoothing: 0,
      share: 0,
    })
    const program = await (await createNativeEngine({ threads: 1 })).compile(sketch.plan())
    const run = program.run(1, { logits: new Float32Array(3), labels: Uint8Array.of(3) }, {})
    await expect(run).rejects.toThrow('labels: expected labels below 3, received 3')
  })

  it('refuses thread counts and programs that make no sense', async () => {
    await expect(createNativeEngine({ threads: 0 })).rejects.toThrow('threads: expected a whole number')
    const engine = await createNativeEngine({ threads: 1 })
    const foreign = await createReferenceEngine().compile(doubling())
    await expect(engine.compile(doubling(), foreign)).rejects.toThrow('one of this engine')
  })

  it('lets the process end when idle, and in the middle of a run', () => {
    const idle = inAProcessOfItsOwn(`compiled.then(() => console.log('compiled'))`)
    expect([idle.status, idle.stdout, idle.stderr]).toEqual([0, 'compiled\n', ''])
    const busy = inAProcessOfItsOwn(`
      compiled.then((program) => {
        program.run(1e12, [], [], false)
        setTimeout(() => process.exit(7), 50)
      })`)
    expect([busy.status, busy.stderr]).toEqual([7, ''])
  })
})
