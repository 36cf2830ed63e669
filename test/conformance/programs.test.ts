/** What programs of every engine do beyond their steps: inputs, outputs, sharing, order, refusals. */
import { describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/engine.js'
import type { Plan } from '../../src/plan/plan.js'
import { PlanSketch } from '../support/plans.js'
import { candidates, oracle } from './engines.js'

/** Hands out the images doubled; the persistent `slow` moves towards them by `rate`. */
function followingPlan(rate: number, size = 3): Plan {
  const sketch = new PlanSketch()
  const images = sketch.input('images', [2, size], 'f32')
  const slow = sketch.persistent('slow', [2, size])
  const doubled = sketch.temporary('doubled', [2, size])
  sketch.emit(
    { kind: 'add', a: images, b: images, dst: doubled, relu: false },
    { kind: 'blend', src: images, dst: slow, rate, hyper: null },
  )
  sketch.output('doubled', doubled)
  return sketch.plan({ batch: 2 })
}

for (const { label, engine: candidate } of candidates) {
  describe.skipIf(candidate === null)(`programs of the ${label}`, () => {
    const engine: Engine = candidate ?? oracle

    it('feed and hand out every iteration', async () => {
      const program = await engine.compile(followingPlan(0.5))
      const doubled = new Float32Array(12)
      await program.run(2, { images: Float32Array.from({ length: 12 }, (_, i) => i) }, { doubled })
      expect([...doubled]).toEqual(Array.from({ length: 12 }, (_, i) => 2 * i))
      // 0 -> i / 2 -> i / 4 + (i + 6) / 2
      const slow = (await program.read(['slow'])).get('slow') ?? []
      expect([...slow]).toEqual([0, 1, 2, 3, 4, 5].map((i) => i / 4 + (i + 6) / 2))
      program.dispose()
    })

    it('start persistent tensors at zero and write and read them', async () => {
      const program = await engine.compile(followingPlan(0))
      expect((await program.read(['slow'])).get('slow')).toEqual(new Float32Array(6))
      await program.write(new Map([['slow', Float32Array.of(1, 2, 3, 4, 5, 6)]]))
      expect((await program.read(['slow'])).get('slow')).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6))
      program.dispose()
    })

    it('share persistent tensors by name, beyond the life of the first', async () => {
      const first = await engine.compile(followingPlan(1))
      const second = await engine.compile(followingPlan(0), first)
      await first.run(1, { images: new Float32Array(6).fill(7) }, { doubled: new Float32Array(6) })
      first.dispose()
      expect((await second.read(['slow'])).get('slow')).toEqual(new Float32Array(6).fill(7))
      second.dispose()
    })

    it('refuse to share a tensor of another shape, naming it and both shapes', async () => {
      const first = await engine.compile(followingPlan(1))
      await expect(engine.compile(followingPlan(1, 4), first)).rejects.toThrow(/slow.*2 x 3.*2 x 4/)
      first.dispose()
    })

    it('run in the order of the calls, without waiting between them', async () => {
      const program = await engine.compile(followingPlan(1))
      const doubled = new Float32Array(6)
      const runs = [1, 2, 3].map((value) =>
        program.run(1, { images: new Float32Array(6).fill(value) }, { doubled }),
      )
      const [before, , after] = [
        program.read(['slow']),
        program.write(new Map([['slow', new Float32Array(6)]])),
        program.read(['slow']),
      ]
      await Promise.all(runs)
      expect((await before).get('slow')).toEqual(new Float32Array(6).fill(3))
      expect((await after).get('slow')).toEqual(new Float32Array(6))
      program.dispose()
    })

    it('refuse inputs and outputs that are missing or of another size', async () => {
      const program = await engine.compile(followingPlan(1))
      const doubled = new Float32Array(6)
      const expectRefusal = (run: () => Promise<void>, message: RegExp) =>
        expect((async () => run())()).rejects.toThrow(message)
      await expectRefusal(() => program.run(1, {}, { doubled }), /images/)
      await expectRefusal(() => program.run(2, { images: new Float32Array(6) }, { doubled }), /images.*12.*6/)
      await expectRefusal(() => program.run(1, { images: new Float32Array(6) }, {}), /doubled/)
      await expectRefusal(() => program.write(new Map([['fast', doubled]])), /fast/)
      await expectRefusal(() => program.write(new Map([['slow', new Float32Array(5)]])), /slow.*6.*5/)
      program.dispose()
    })

    it('let the event loop turn while they run', async () => {
      const sketch = new PlanSketch()
      const names = ['src', 'dst'] as const
      const [src, dst] = names.map((name) => sketch.temporary(name, [1024, 1024]))
      const weights = sketch.persistent('weights', [1024, 1024])
      const bias = sketch.persistent('bias', [1024])
      sketch.emit({ kind: 'dense', src: src ?? 0, weights, bias, dst: dst ?? 0, relu: false })
      const program = await engine.compile(sketch.plan())
      let turns = 0
      const timer = setInterval(() => turns++, 1)
      await program.run(engine.slow ? 1 : 20, {}, {})
      clearInterval(timer)
      expect(turns).toBeGreaterThan(5)
      program.dispose()
    })
  })
}

for (const { label, engine } of candidates) {
  it.skipIf(engine === null || engine.bf16)(`the ${label} refuses bf16 and says what to do`, async () => {
    const sketch = new PlanSketch()
    sketch.temporary('half', [2, 2], 'bf16')
    await expect(engine?.compile(sketch.plan())).rejects.toThrow(
      /expected f32( on this processor)?, received bf16\b.*--precision f32/,
    )
  })
}
