import { describe, expect, it } from 'vitest'
import { resultRecord, runRecord } from '../../test/support/records.js'
import { modelNames } from '../models/names.js'
import { namedRecipe } from '../recipes/index.js'
import type { RunRecord } from '../runs/formats/record.js'
import { groupRecords } from './groups.js'
import { renderResults } from './page.js'

const tuned = (seed: number, changes: Partial<RunRecord> = {}): RunRecord => ({
  ...runRecord({ recipeName: 'tuned', settings: [], seed, trainImages: 60000, heldOutImages: 0 }),
  recipe: namedRecipe('tuned', 'cnn'),
  ...changes,
})
const heldOut = tuned(1, {
  settings: ['holdOut=5000'],
  recipe: { ...namedRecipe('tuned', 'cnn'), holdOut: 5000 },
  trainImages: 55000,
  heldOutImages: 5000,
})
const page = (...records: readonly ReturnType<typeof resultRecord>[]) =>
  renderResults(groupRecords(records), [])
const lineWith = (text: string, start: string): string | undefined =>
  text.split('\n').find((line) => line.startsWith(start))

describe('RESULTS.md', () => {
  it('gives mean, sample deviation and interval over seeds, with held-out figures beside them', () => {
    const text = page(
      resultRecord(9500, tuned(2)),
      resultRecord(9520, tuned(1)),
      resultRecord(9450, heldOut, 0.951),
    )
    // t = 12.706 for two seeds: 95.1 -+ 12.706 * 0.1414 / sqrt(2) points.
    expect(lineWith(text, '| `tuned`')).toBe(
      '| `tuned` | 95.10 % | 0.14 | 2 | 93.83 to 96.37 % | 95.00 % | 95.10 % | 36 | 10.0 |',
    )
    expect(lineWith(text, '| [`cnn`]')).toMatch(/\| 94\.72 % \| 95\.10 ± 0\.14 % \(2\) \| - \|$/)
    expect(text).toContain('- Seeds: 1, 2 (n = 2, fewer than the 3 intended).')
    expect(text).toContain('atelier train cnn --recipe tuned --seed 1 --threads 2  # and with --seed 2\n')
    expect(text).toContain('atelier train cnn --recipe tuned --seed 1 --set holdOut=5000 --threads 2\n')
    expect(text).toContain(
      '| [seed 1, images held out](results/cnn/tuned/held-out/seed-1/) | 55,000 | 94.50 % | 0.2500 | 95.00 % | 95.10 % | 10.0 |',
    )
    expect(text).toContain(
      '- Hardware: AMD EPYC, oneDNN 2.6.3, AVX-512 with bf16, 2 threads; trained in f32.',
    )
    expect(text).toContain('- Revision: `0123456789ab`.')
  })

  it('tells what the seeds are right on together', () => {
    // Wrong on one of two images each, and surer where they are right.
    const [a, b] = [Float32Array.of(3, 0, 1, 0), Float32Array.of(0, 1, 0, 3)]
    const text = page(resultRecord(9500, tuned(1), null, a), resultRecord(9500, tuned(2), null, b))
    const said = "- As an ensemble, the mean of the 2 networks' probabilities: 100.00 %, at 2 times the work."
    expect(text).toContain(said)
    expect(page(resultRecord(9500, tuned(1)))).not.toContain('ensemble')
  })

  it('knows a recipe again whose held-out run had another teacher', () => {
    const base = namedRecipe('long', 'resnet50')
    const taughtBy = (seed: number, model: string): RunRecord => ({
      ...heldOut,
      ...{ model: 'resnet50', recipeName: 'long', seed },
      recipe: { ...base, holdOut: 5000, teacher: { model, share: 0.9 } },
    })
    const text = page(resultRecord(9450, taughtBy(1, 'a'), 0.95), resultRecord(9450, taughtBy(2, 'b'), 0.95))
    expect(text).toContain('### resnet50 by long')
    expect(text).not.toContain('has been changed since')
  })

  it("says that a training was cut short, and gives a single figure's own interval", () => {
    const text = page(resultRecord(9000, runRecord(), 0.92))
    expect(lineWith(text, '| `published`')).toBe(
      '| `published` | 90.00 % | - | 1 | 89.40 to 90.57 % | 95.00 % | 92.00 % | 40 | 10.0 |',
    )
    expect(text).toContain('- Not the whole recipe, cut short: 40 of its 500 epochs.')
    expect(text).toContain('atelier train cnn --recipe published --seed 1 --epochs 40 --threads 2\n')
    expect(lineWith(text, '| [`cnn`]')).toContain('| 90.00 % (1; 40 of 500 epochs) |')
  })

  it('says what differs between seeds, and that a recipe is another now', () => {
    const before = { ...namedRecipe('tuned', 'cnn'), batch: 96 }
    const text = page(
      resultRecord(9500, tuned(1, { recipe: before })),
      resultRecord(9500, tuned(2, { recipe: before, revision: null })),
    )
    expect(text).toContain('- Revision: `0123456789ab` (seed 1); not recorded (seed 2).')
    expect(text).toContain('- The recipe has been changed since')
  })

  it('tells what a recipe from a file was', () => {
    const text = page(resultRecord(9500, tuned(1, { recipeName: 'long' })))
    expect(text).toContain('- A recipe from a file: its values are in each run.json.')
    expect(text).toContain('atelier train cnn --recipe long.json --seed 1')
  })

  it('shows the study alone where nothing is recorded', () => {
    const text = page()
    expect(lineWith(text, '| [`cnn`]')).toMatch(/\| 94\.72 % \| - \| - \|$/)
    expect(text.match(/No run has been recorded yet\./g)).toHaveLength(modelNames.length)
  })

  it('takes no mean over different values', () => {
    const other = tuned(2, { recipe: { ...namedRecipe('tuned', 'cnn'), batch: 64 } })
    expect(() => page(resultRecord(9500, tuned(1)), resultRecord(9500, other))).toThrow(
      'results/cnn/tuned/seed-2/run.json: expected the values of the recipe that cnn/tuned/seed-1 has, received others',
    )
  })

  it('takes none over seeds of other teachers, though runs with held-out images may have others', () => {
    const base = namedRecipe('tuned', 'cnn')
    const taughtBy = (run: RunRecord, model: string): RunRecord => ({
      ...run,
      recipe: { ...run.recipe, teacher: { model, share: 0.5 } },
    })
    const [own, other] = [taughtBy(tuned(1, { recipe: base }), 'a'), taughtBy(tuned(2), 'b')]
    const before = resultRecord(9500, taughtBy(heldOut, 'c'), 0.95)
    expect(() => page(before, resultRecord(9500, own))).not.toThrow()
    expect(() => page(before, resultRecord(9500, own), resultRecord(9500, other))).toThrow('seed-2/run.json')
  })
})
