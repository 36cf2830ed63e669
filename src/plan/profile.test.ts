import { describe, expect, it } from 'vitest'
import { models } from '../models/index.js'
import { buildInferencePlan, buildTrainingPlan } from './build.js'
import { flopsOf } from './flops.js'
import { formatProfile, profileOf } from './profile.js'

const common = { batch: 2, precision: 'f32', scaling: { scale: 1, shift: 0 }, imageDType: 'u8' } as const
const total = (plan: ReturnType<typeof buildInferencePlan>): number =>
  plan.steps.reduce((sum, step) => sum + flopsOf(plan, step), 0)

describe('flops', () => {
  it('of nn are two for each weight and image', () => {
    expect(total(buildInferencePlan(models.nn.build(), common))).toBe(2 * 2 * (784 * 128 + 128 * 10))
  })

  it('of cnn are those of its layers, and training adds two products a layer, but for the first', () => {
    const positions = 28 * 28
    const first = positions * 9 * 32
    const others = positions * 9 * 32 * (32 + 64) + 14 * 14 * 9 * 64 * 128 + 25_088 * 512 + 512 * 128 + 1280
    const inference = buildInferencePlan(models.cnn.build(), common)
    expect(total(inference)).toBe(2 * 2 * (first + others))
    const update = { kind: 'sgd', momentum: 0, nesterov: false } as const
    const training = buildTrainingPlan(models.cnn.build(), {
      ...common,
      update,
      smoothing: 0,
      average: false,
    })
    expect(total(training)).toBe(2 * 2 * (2 * first + 3 * others))
  })
})

describe('a profile', () => {
  const plan = buildInferencePlan(models.nn.build(), common)
  const seconds = Float64Array.from(plan.steps, () => 0.001)
  const profile = profileOf(
    plan,
    seconds,
    0.001,
    2,
    plan.steps.map(() => 'own'),
  )

  it('shares the time among steps and the rest', () => {
    expect(profile.milliseconds).toBeCloseTo(2, 12)
    expect(profile.imagesPerSecond).toBeCloseTo(1000, 9)
    expect(profile.steps.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(0.75, 12)
    expect(profile.steps[0]?.gflops).toBeNull()
    expect(profile.steps[1]?.gflops).toBeCloseTo((2 * 2 * 784 * 128) / 0.5e-3 / 1e9, 9)
  })

  it('is printed with every step and the kinds by their time', () => {
    const text = formatProfile(plan, profile)
    expect(text).toMatch(/dense +dense_1 2 x 128 +0\.500 +1 +25\.0 % +own/)
    expect(text).toMatch(/Kind of step.*dense +1\.000 +50\.0 %/s)
    expect(text).toContain('2 images a step in 2.000 ms: 1,000 images/s')
  })
})
