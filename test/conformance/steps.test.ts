/** Every kind of step on every engine: values, gradients, in place, in every layout and precision. */
import { afterAll, describe, expect, it } from 'vitest'
import type { StepKind } from '../../src/graph/steps.js'
import { plainVariant, planOf } from './case.js'
import { cases } from './cases/index.js'
import { compareWithOracle, observe, variantsOf } from './compare.js'
import { compareWithDifferences } from './differences.js'
import { candidates, native, oracle } from './engines.js'
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

describe.skipIf(native.engine === null)(`determinism of the ${native.label}`, () => {
  it.each(cases.map((subject) => [subject.title, subject] as const))(
    '%s gives the same bits twice',
    async (_, subject) => {
      const engine = native.engine ?? oracle
      for (const activations of ['f32', 'bf16'] as const) {
        const variants = variantsOf(engine, subject).filter((variant) => variant.activations === activations)
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
