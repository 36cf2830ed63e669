import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { PlanSketch } from '../../../test/support/plans.js'
import {
  batchNormalization,
  conv2d,
  dense,
  dropout,
  flatten,
  input,
  maxPooling2d,
  sequential,
} from '../../graph/layers.js'
import { nn } from '../../models/nn.js'
import { buildInferencePlan, buildTrainingPlan } from '../../plan/build.js'
import { initializeWeights } from '../../train/initialize.js'
import type { Engine, Program } from '../engine.js'
import { binaryName, featuresOf } from './binary.js'
import { encode } from './encode.js'
import { InlineLane } from './lane.js'
import { LinearMemory } from './memory.js'
import { createWasmEngine, fileOf, startThread } from './node.js'
import { Pool } from './pool.js'
import { webAssembly } from './webassembly.js'

const features = featuresOf() ?? { relaxed: false, shared: false }
const common = {
  batch: 8,
  precision: 'f32',
  scaling: { scale: 1 / 255, shift: 0 },
  imageDType: 'u8',
} as const

const small = sequential(
  'small',
  input(28, 28, 1),
  conv2d(16, 3, { activation: 'relu' }),
  batchNormalization(),
  conv2d(32, 3, { activation: 'relu' }),
  maxPooling2d(2),
  dropout(0.25),
  flatten(),
  dense(10),
)

/** A few steps of a training with dropout and Batch Normalization: what its weights hash to. */
async function trained(engine: Engine, iterations = 3): Promise<string> {
  const update = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const
  const plan = buildTrainingPlan(small, { ...common, update, smoothing: 0.1, average: true })
  const program = await engine.compile(plan)
  const weights = initializeWeights(small, 1)
  await program.write(weights)
  const images = Uint8Array.from({ length: iterations * 8 * 784 }, (_, i) => (i * 7919) % 251)
  const labels = Uint8Array.from({ length: iterations * 8 }, (_, i) => i % 10)
  const hyper = new Float32Array(iterations * 4).fill(0.01)
  const key = Uint32Array.from({ length: iterations * 2 }, (_, i) => i)
  const inputs = { images, labels, hyper, key }
  await program.run(iterations, inputs, { metrics: new Float32Array(2 * iterations) })
  const values = await program.read([...weights.keys()])
  program.dispose()
  const hash = createHash('sha256')
  for (const array of values.values()) hash.update(array)
  return hash.digest('hex')
}

describe('the wasm engine', () => {
  it.each([1, 2, 3])('gives the same bits twice by %d threads', async (threads) => {
    const [first, second] = [await createWasmEngine({ threads }), await createWasmEngine({ threads })]
    expect(await trained(first)).toBe(await trained(second))
  })

  it("gives them without shared memory too, on the caller's thread, and lets the event loop turn", async () => {
    const inline = await createWasmEngine({ threads: 4, features: { ...features, shared: false } })
    expect([inline.threads, inline.description]).toEqual([
      1,
      expect.stringMatching(/1 thread without shared/),
    ])
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    const hash = await trained(inline, 20)
    clearInterval(timer)
    expect(hash).toBe(await trained(await createWasmEngine({ threads: 1 }), 20))
    expect(turns).toBeGreaterThan(1)
  })

  it('takes no more memory for a thousand programs than for the first', async () => {
    const engine = await createWasmEngine({ threads: 1 })
    const graph = nn()
    const compileAndRun = async (batch: number, run: boolean) => {
      const program = await engine.compile(buildInferencePlan(graph, { ...common, batch }))
      const other = await engine.compile(buildInferencePlan(graph, common), program)
      if (run) {
        const images = new Uint8Array(batch * 784)
        await program.run(1, { images }, { logits: new Float32Array(batch * 10) })
      }
      program.dispose()
      await other.read(other.plan.tensors.filter(({ persistent }) => persistent).map(({ name }) => name))
      other.dispose()
    }
    // 500 images are worth the pool; the others are so few that they run at once.
    const round = async () => {
      for (let i = 0; i < 50; i++) await compileAndRun(i % 10 === 0 ? 500 : (i % 16) + 1, i % 5 === 0)
    }
    await round()
    const [bytes, inUse] = [engine.memory.bytes, engine.memory.inUse]
    for (let i = 0; i < 10; i++) await round()
    expect([engine.memory.bytes, engine.memory.inUse]).toEqual([bytes, inUse])
  })

  it('keeps packed weights until they are written, by whichever program', async () => {
    const engine = await createWasmEngine({ threads: 2 })
    const plan = buildInferencePlan(small, common)
    const images = Uint8Array.from({ length: 8 * 784 }, (_, i) => (i * 7919) % 251)
    const logitsOf = async (program: Program) => {
      const logits = new Float32Array(80)
      await program.run(1, { images }, { logits })
      return logits
    }
    const anew = async (seed: number) => {
      const program = await engine.compile(plan)
      await program.write(initializeWeights(small, seed))
      return logitsOf(program)
    }
    const [first, second] = [await anew(1), await anew(2)]
    expect(second).not.toEqual(first)
    const program = await engine.compile(plan)
    expect(program.describe().copyBytes).toBeGreaterThan(0)
    for (const [seed, logits] of [
      [1, first],
      [2, second],
    ] as const) {
      await program.write(initializeWeights(small, seed))
      for (let run = 0; run < 2; run++) expect(await logitsOf(program)).toEqual(logits)
    }
    const other = await engine.compile(plan, program)
    expect(other.describe().copyBytes).toBe(0)
    await other.write(initializeWeights(small, 1))
    other.dispose()
    expect(await logitsOf(program)).toEqual(first)
    program.dispose()
  })

  it.each([true, false])(
    'tells the time of each step and what does it, shared memory: %s',
    async (shared) => {
      const engine = await createWasmEngine({ threads: 2, features: { ...features, shared } })
      const program = await engine.compile(buildInferencePlan(small, { ...common, batch: 64 }))
      const [images, logits] = [new Uint8Array(2 * 64 * 784), new Float32Array(2 * 640)]
      const { steps, rest } = await program.profile(2, { images }, { logits })
      expect(steps).toHaveLength(program.plan.steps.length)
      for (const seconds of [...steps, rest]) expect(seconds).toBeGreaterThanOrEqual(0)
      expect(steps.some((seconds) => seconds > 0)).toBe(true)
      const { implementations, arenaBytes, persistentBytes } = program.describe()
      expect(implementations).toHaveLength(program.plan.steps.length)
      expect(implementations.every((kernels) => kernels !== '')).toBe(true)
      expect(arenaBytes).toBeGreaterThan(0)
      const weights = initializeWeights(small, 1)
      expect(persistentBytes).toBe([...weights.values()].reduce((sum, { byteLength }) => sum + byteLength, 0))
      program.dispose()
    },
  )

  it('reads temporaries only right after a run of their own program', async () => {
    const engine = await createWasmEngine({ threads: 1 })
    const doubling = async () => {
      const sketch = new PlanSketch()
      const src = sketch.input('src', [4], 'f32')
      const dst = sketch.temporary('dst', [4])
      sketch.emit({ kind: 'add', a: src, b: src, dst, relu: false })
      return engine.compile(sketch.plan())
    }
    const [one, two] = [await doubling(), await doubling()]
    await expect(one.read(['dst'])).rejects.toThrow('right after a run of its own program')
    await one.run(1, { src: Float32Array.of(1, 2, 3, 4) }, {})
    expect((await one.read(['dst'])).get('dst')).toEqual(Float32Array.of(2, 4, 6, 8))
    await two.run(1, { src: new Float32Array(4) }, {})
    await expect(one.read(['dst'])).rejects.toThrow('right after a run of its own program')
    one.dispose()
    await expect(one.run(1, { src: new Float32Array(4) }, {})).rejects.toThrow('disposed of')
  })

  it('says so where memory is out, and goes on', async () => {
    const memory = new LinearMemory(false)
    expect(() => memory.allocate(5e9)).toThrow(/wasm engine: \d+ MiB of memory cannot be had.*smaller batch/)
    expect(memory.allocate(100)).toBeGreaterThan(0)
  })

  it('lets the process end while its threads are asleep', () => {
    const node = new URL('node.js', fileOf('x')).href
    const graphs = new URL('../../models/nn.js', fileOf('x')).href
    const plans = new URL('../../plan/build.js', fileOf('x')).href
    const script = `const { createWasmEngine } = await import('${node}')
      const { nn } = await import('${graphs}')
      const { buildInferencePlan } = await import('${plans}')
      const engine = await createWasmEngine({ threads: 2 })
      const plan = buildInferencePlan(nn(), ${JSON.stringify({ ...common, batch: 500 })})
      const program = await engine.compile(plan)
      await program.run(1, { images: new Uint8Array(500 * 784) }, { logits: new Float32Array(5000) })
      console.log('done')`
    const args = ['--input-type=module', '-e', script]
    const { stdout, status, stderr } = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      timeout: 60_000,
    })
    expect([stdout, status, stderr]).toEqual(['done\n', 0, ''])
  })
})

describe('a pool', () => {
  const open = async () => {
    const binary = await readFile(fileOf(binaryName({ ...features, shared: true })))
    const memory = new LinearMemory(true)
    return { memory, pool: new Pool(2, await webAssembly.compile(binary), memory, startThread) }
  }

  it('rejects a run in which a thread fails, and works again', async () => {
    const { memory, pool } = await open()
    const job = (kernel: number) => {
      const { address } = encode(memory, [{ kernel, args: [0, 0, 0], step: 0 }], [], [])
      return { program: address, calls: 1, iterations: 2, times: 0 }
    }
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(pool.run(job(9999))).rejects.toThrow(/^wasm engine: a thread failed: .*table/)
      await pool.run(job(0))
    }
  })

  it('starts new threads where one has ended while they slept', async () => {
    const { memory } = await open()
    const ends: (() => void)[] = []
    let stopped = 0
    const pool = new Pool(2, {}, memory, ({ part }, reported, failed) => {
      ends.push(() => failed('it ended with code 1'))
      const hold = (alive: boolean) => {
        if (alive && part === 0) setTimeout(() => reported({ done: 1 }), 1)
      }
      return { hold, stop: async () => stopped++ }
    })
    const job = { program: 0, calls: 0, iterations: 1, times: 0 }
    await pool.run(job)
    ends[1]?.()
    expect(stopped).toBe(2)
    await pool.run(job)
    expect(ends).toHaveLength(4)
  })

  it('rejects a run whose thread cannot start', async () => {
    const { memory } = await open()
    const pool = new Pool(2, {}, memory, (start, reported, failed) => {
      if (start.part === 1) setTimeout(() => failed('no more threads'), 1)
      return { hold: () => {}, stop: async () => reported({ done: 1 }) }
    })
    const job = { program: 0, calls: 0, iterations: 1, times: 0 }
    await expect(pool.run(job)).rejects.toThrow('wasm engine: a thread failed: no more threads')
  })
})

it("the caller's own thread tells the times of calls", async () => {
  const times = new Float64Array(3)
  const performed: string[] = []
  const interpreter = {
    run: () => {},
    perform: (_: number, call: number) => performed.push(`call ${call}`),
    feed: () => performed.push('inputs'),
    take: () => performed.push('outputs'),
  }
  const lane = new InlineLane(interpreter as never, () => times)
  await lane.run({ program: 64, calls: 2, iterations: 2, times: 128 })
  const once = ['inputs', 'call 0', 'call 1', 'outputs']
  expect(performed).toEqual([...once, ...once])
  for (const seconds of times) expect(seconds).toBeGreaterThanOrEqual(0)
})
