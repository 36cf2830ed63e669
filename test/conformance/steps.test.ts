/** Every kind of step on every engine: values, gradients, in place, in every layout and precision. */
import { afterAll, describe, expect, it } from 'vitest'
import type { StepKind } from '../../src/graph/steps.js'
import { PlanSketch } from '../support/plans.js'
import { plainVariant, planOf } from './case.js'
import { cases } from './cases/index.js'
import { compareWithOracle, observe, variantsOf } from './compare.js'
import { compareWithDifferences } from './differences.js'
import { candidates, fast, oracle } from './engines.js'
import { expectWithin, formatRows, type Row, worstByStep } from './report.js'

const everyKind: { readonly [K in StepKind]: true } = {
  rescale: true,
  convolution: true,
  convolutionBackwardData: true,
  convolutionBackwardWeights: true,
  dense: true,
  denseBackwardData: true,
  denseBackwardWeights: true,
  batchNormalization: true,
  batchNormalizationInference: true,
  batchNormalizationBackward: true,
  blend: true,
  relu: true,
  reluBackward: true,
  maxPooling: true,
  maxPoolingBackward: true,
  globalAveragePooling: true,
  globalAveragePoolingBackward: true,
  dropout: true,
  reshape: true,
  add: true,
  softmaxCrossEntropy: true,
  adam: true,
  sgd: true,
}

it('has a case for every kind of step', () => {
  const covered = cases.flatMap((subject) => planOf(subject, plainVariant).steps.map(({ kind }) => kind))
  expect([...new Set(covered)].sort()).toEqual(Object.keys(everyKind).sort())
})

it('weights losses as PyTorch does: sum(w loss) / sum(w)', async () => {
  const sketch = new PlanSketch()
  const step = {
    logits: sketch.input('logits', [2, 2], 'f32'),
    labels: sketch.input('labels', [2], 'u8'),
    exampleWeights: sketch.input('exampleWeights', [2], 'f32'),
    metrics: sketch.temporary('metrics', [2]),
    diffLogits: sketch.temporary('diffLogits', [2, 2]),
  }
  sketch.emit({ kind: 'softmaxCrossEntropy', ...step, targets: null, smoothing: 0, share: 0 })
  sketch.output('metrics', step.metrics)
  // Of equal logits the loss is log 2, of log 3 and 0 at the smaller one log 4.
  const logits = Float32Array.of(0, 0, Math.log(3), 0)
  const inputs = { logits, labels: Uint8Array.of(0, 1), exampleWeights: Float32Array.of(1, 3) }
  for (const { engine } of candidates) {
    if (engine === null) continue
    const metrics = new Float32Array(2)
    await (await engine.compile(sketch.plan({ batch: 2 }))).run(1, inputs, { metrics })
    expect(metrics[0]).toBeCloseTo((2 * (Math.log(2) + 3 * Math.log(4))) / 4, 5)
    expect(metrics[1]).toBe(1)
  }
})

describe('gradient steps agree with finite differences in f64', () => {
  it.each(cases.filter(({ gradients }) => gradients).map((subject) => [subject.title, subject] as const))(
    '%s',
    async (_, subject) => expectWithin(await compareWithDifferences(subject)),
  )
})

for (const { label, engine } of candidates) {
  describe.skipIf(engine === null)(`${label}, against the reference engine in f64`, () => {
    const rows: Row[] = []
    let failures = 0

    it.each(cases.map((subject) => [subject.title, subject] as const))('%s', async (_, subject) => {
      if (engine === null) return
      const found: Row[] = []
      for (const variant of variantsOf(engine, subject)) {
        found.push(...(await compareWithOracle(engine, subject, variant)))
      }
      rows.push(...found)
      failures += found.some(({ error, tolerance }) => !(error <= tolerance)) ? 1 : 0
      expectWithin(found)
    })

    afterAll(() => {
      if (failures > 0) console.error(`Worst errors by step, ${label}:\n${formatRows(worstByStep(rows))}`)
    })
  })
}

for (const { label, engine: candidate } of fast) {
  describe.skipIf(candidate === null)(`determinism of the ${label}`, () => {
    it.each(cases.map((subject) => [subject.title, subject] as const))(
      '%s gives the same bits twice',
      async (_, subject) => {
        const engine = candidate ?? oracle
        for (const activations of ['f32', 'bf16'] as const) {
          const variants = variantsOf(engine, subject).filter(
            (variant) => variant.activations === activations,
          )
          // The last one: images as blocked as they come, in place where that can be.
          const variant = variants.at(-1)
          if (!variant) continue
          const [first, second] = [
            await observe(engine, subject, variant),
            await observe(engine, subject, variant),
          ]
          expect(second.values).toEqual(first.values)
        }
      },
    )
  })
}
