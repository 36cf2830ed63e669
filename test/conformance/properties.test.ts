/** Steps over random shapes: backward steps as adjoints of forward ones, and engines against each other. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Case, operandValues, plainVariant, type Variant } from './case.js'
import { type ConvolutionSetting, convolutionCase } from './cases/convolution.js'
import { denseCase } from './cases/dense.js'
import { compareWithOracle, observe } from './compare.js'
import { dot } from './differences.js'
import { fast, oracle } from './engines.js'
import { expectWithin } from './report.js'
import { tolerances } from './tolerances.js'

const small = fc.integer({ min: 1, max: 4 })
const extent = fc.integer({ min: 1, max: 9 })
const channels = fc.constantFrom(1, 2, 3, 8, 10, 16, 17, 32, 48)

const convolutions: fc.Arbitrary<ConvolutionSetting> = fc
  .record({
    images: fc.tuple(fc.integer({ min: 1, max: 3 }), extent, extent, channels),
    filters: channels,
    kernel: fc.tuple(small, small),
    strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    mode: fc.constantFrom('same' as const, 'valid' as const),
    relu: fc.constant(false),
  })
  .filter(({ images, kernel, mode }) => mode === 'same' || (kernel[0] <= images[1] && kernel[1] <= images[2]))

const denses = fc.record({
  src: fc.oneof(fc.tuple(extent, fc.integer({ min: 1, max: 70 })), fc.tuple(extent, small, small, channels)),
  units: fc.integer({ min: 1, max: 40 }),
})

/**
 * dst - bias is linear in src and in the weights, so with the gradients of <dst, diffDst>:
 * <src, diffSrc> = <weights, diffWeights> = <dst, diffDst> - <bias, diffBias>.
 */
async function expectAdjoint(subject: Case): Promise<void> {
  const operands = operandValues(subject, plainVariant)
  const { values } = await observe(oracle, subject, plainVariant)
  const product = (a: string, b: string): number => {
    return dot(values.get(a) ?? operands.get(a) ?? [], values.get(b) ?? operands.get(b) ?? [])
  }
  const linear = product('dst', 'diffDst') - product('bias', 'diffBias')
  const magnitude = Math.sqrt(product('dst', 'dst') * product('diffDst', 'diffDst')) + 1
  for (const [operand, gradient] of [['src', 'diffSrc'] as const, ['weights', 'diffWeights'] as const]) {
    expect(Math.abs(product(operand, gradient) - linear) / magnitude).toBeLessThan(tolerances.adjoint)
  }
}

describe('backward steps are the adjoints of forward ones', () => {
  it('convolution', async () => {
    await fc.assert(
      fc.asyncProperty(convolutions, (setting) => expectAdjoint(convolutionCase(setting))),
      { seed: 1, numRuns: 60 },
    )
  })

  it('dense', async () => {
    await fc.assert(
      fc.asyncProperty(denses, ({ src, units }) => expectAdjoint(denseCase(src, units, false))),
      { seed: 1, numRuns: 40 },
    )
  })
})

for (const { label, engine } of fast) {
  describe.skipIf(engine === null)(`${label} agrees on random shapes`, () => {
    const variants = fc.record<Variant>({
      activations: fc.constantFrom('f32', ...(engine?.bf16 ? (['bf16'] as const) : [])),
      arrival: fc.constantFrom('plain', 'blocked', 'mixed'),
      inPlace: fc.boolean(),
    })
    const agree = async (subject: Case, variant: Variant): Promise<void> =>
      expectWithin(await compareWithOracle(engine ?? oracle, subject, variant))

    it('convolution', async () => {
      await fc.assert(
        fc.asyncProperty(convolutions, fc.boolean(), variants, (setting, relu, variant) =>
          agree(convolutionCase({ ...setting, relu }), variant),
        ),
        { seed: 1, numRuns: 60 },
      )
    })

    it('dense', async () => {
      await fc.assert(
        fc.asyncProperty(denses, fc.boolean(), variants, ({ src, units }, relu, variant) =>
          agree(denseCase(src, units, relu), variant),
        ),
        { seed: 1, numRuns: 40 },
      )
    })
  })
}
