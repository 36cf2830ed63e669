import { describe, expect, it } from 'vitest'
import type { ComparedPair, ComparedRun } from './compare.js'
import { formatComparison } from './comparison-text.js'

const run: ComparedRun = {
  id: 'A',
  run: 'runs/resnet50-published-seed1',
  model: 'resnet50',
  recipe: 'published',
  seed: 1,
  parameters: 26_313_218,
  epochs: 800,
  seconds: 73_123,
  trainAccuracy: 0.9904,
  validationAccuracy: 0.9321,
  testAccuracy: 0.9283,
  interval: { low: 0.9231, high: 0.9332 },
  publishedTestAccuracy: 0.9261,
}
const unknown = { ...run, id: 'B', seconds: null, trainAccuracy: null, validationAccuracy: null }
const pair: ComparedPair = {
  first: 'A',
  second: 'B',
  difference: -0.0123,
  interval: { low: -0.0201, high: 0.0004 },
  mcnemar: { p: 0.0000123, method: 'mid-p' },
  onlyFirstRight: Array.from({ length: 1000 }, (_, index) => 9000 + index),
  onlySecondRight: [],
}

describe('formatComparison', () => {
  const text = formatComparison({ n: 10_000, runs: [run, unknown], published: [], pairs: [pair] })

  it('has a line a run', () => {
    expect(text).toMatch(
      /^A {2}resnet50 +published +26,313,218 +800 +1218\.7 +99\.04 +93\.21 +92\.83 \(92\.31 to 93\.32\) +92\.61$/m,
    )
    expect(text).toMatch(/^B {2}resnet50 .* 800 +- +- +- +92\.83 /m)
    expect(text).toMatch(/^A {2}runs\/resnet50-published-seed1 \(seed 1\)$/m)
  })

  it('tells the difference of each two in points, and on which images', () => {
    expect(text).toMatch(/^A - B +-1\.23 +-2\.01 to \+0\.04 +1,000 +0 +< 0\.0001 mid-p$/m)
    expect(text).toMatch(/^A right, B wrong: 9000, 9001, .*, 9011, \.\.\.$/m)
    expect(text).toMatch(/^B right, A wrong: none$/m)
  })

  it("shows the study's figures without runs", () => {
    const study = { model: 'nn', parameters: 101_770, epochs: 20 } as const
    const accuracies = { trainAccuracy: 0.9329, validationAccuracy: null, testAccuracy: 0.8893 }
    const alone = formatComparison({ n: 0, runs: [], published: [{ ...study, ...accuracies }], pairs: [] })
    expect(alone).toMatch(/^ +nn +study +101,770 +20 +- +93\.29 +- +88\.93$/m)
    expect(alone.split('\n')).toHaveLength(4)
  })

  it('keeps to 100 columns', () => {
    const long = { ...run, model: 'a model of mine', recipe: 'recipe-of-mine' }
    const wide = formatComparison({ n: 10_000, runs: [long, run], published: [], pairs: [pair] })
    const lines = wide.split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100)
  })
})
