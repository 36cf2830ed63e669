import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { atelier } from '../../../test/support/command-line.js'
import { temporaryFolder } from '../../../test/support/folder.js'
import { releasedWeights } from '../../../test/support/released-weights.js'
import { finishedRun } from '../../../test/support/run.js'
import { writeWeights } from '../../runs/weights.js'
import { initializeWeights } from '../../train/initialize.js'

it('answers with stable keys, on the data that the run was trained on', async () => {
  const folder = await temporaryFolder()
  const { run } = await finishedRun(folder, { holdOut: 0.25 })
  const args = ['evaluate', run.directory, '--engine', 'reference', '--split', 'validation', '--json']
  const { code, stdout, stderr } = await atelier(...args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const answer = JSON.parse(stdout)
  expect(Object.keys(answer)).toEqual([
    ...['model', 'run', 'split', 'n', 'accuracy', 'interval', 'loss', 'correct', 'top2', 'top3', 'macro'],
    ...['perClass', 'confusion', 'confusedPairs', 'calibration', 'temperatureScaling', 'engine', 'precision'],
  ])
  expect(answer).toMatchObject({ model: 'linear', run: run.directory, split: 'validation', n: 15 })
  expect(answer).toMatchObject({ engine: 'reference', precision: 'f32' })
  const diagonal = answer.confusion.reduce((sum: number, row: number[], i: number) => sum + (row[i] ?? 0), 0)
  expect(answer.accuracy).toBe(diagonal / 15)
})

it('prints the same for people', async () => {
  const { run } = await finishedRun(await temporaryFolder(), { holdOut: 0 })
  const { stdout } = await atelier('evaluate', run.directory, '--engine', 'reference')
  expect(stdout).toMatch(/^linear on the 30 test images \(.*run, reference engine, f32\)\n\nAccuracy +\d/)
})

it('scores released weights, and writes nothing beside them', async () => {
  const folder = await temporaryFolder()
  const { run } = await finishedRun(folder, { holdOut: 0 })
  const released = join(folder, 'released')
  await releasedWeights(released, run)
  const files = await readdir(released)
  const args = ['--engine', 'reference', '--json', '--data', join(folder, 'data')]
  const answer = JSON.parse((await atelier('evaluate', released, ...args)).stdout)
  const ofRun = JSON.parse((await atelier('evaluate', run.directory, ...args)).stdout)
  expect(answer.temperatureScaling.temperature).toBe(1.5)
  expect(answer).toEqual({ ...ofRun, run: released, temperatureScaling: answer.temperatureScaling })
  expect(await readdir(released)).toEqual(files)
})

describe('a file of weights', () => {
  async function exported() {
    const folder = await temporaryFolder()
    const { run } = await finishedRun(folder, { holdOut: 0 })
    const file = join(folder, 'linear.safetensors')
    expect((await atelier('export', run.directory, '--format', 'safetensors', '--out', file)).code).toBe(0)
    return { run, file, common: ['--engine', 'reference', '--json', '--data', join(folder, 'data')] }
  }

  it('scores as the run that it was exported from', async () => {
    const { run, file, common } = await exported()
    const { weights, ...answer } = JSON.parse((await atelier('evaluate', file, ...common)).stdout)
    const { run: directory, ...ofRun } = JSON.parse(
      (await atelier('evaluate', run.directory, ...common)).stdout,
    )
    expect([weights, directory]).toEqual([file, run.directory])
    expect(answer).toEqual(ofRun)
    // Other pixels, other logits.
    const shifted = await atelier('evaluate', file, ...common, '--pixels', '0.5,0.1')
    expect(JSON.parse(shifted.stdout).loss).not.toBe(answer.loss)
  })

  it('out of a run is scored on the pixels that the run was trained on', async () => {
    const folder = await temporaryFolder()
    const { run, weights } = await finishedRun(folder, { holdOut: 0 })
    await writeWeights(run, 'best', weights)
    const common = ['--engine', 'reference', '--json', '--data', join(folder, 'data')]
    const ofRun = JSON.parse((await atelier('evaluate', run.directory, ...common)).stdout)
    const model = join(folder, 'linear.mjs')
    await writeFile(
      model,
      "import { dense, flatten, input, sequential } from 'atelier'\n" +
        "export default sequential('linear', input(4, 4, 1), flatten(), dense(3))\n",
    )
    for (const given of [[], ['--model', model]]) {
      const best = await atelier('evaluate', join(run.directory, 'best.safetensors'), ...given, ...common)
      expect(JSON.parse(best.stdout).loss).toBe(ofRun.loss)
    }
  })

  it.each([
    [['--weights', 'best'], 2, /--weights best: expected the folder of a run/],
    [['--model', 'nn'], 1, /the 4 tensors of model nn, received a file without dense_2.weight/],
    [['--split', 'validation'], 2, /--split: expected test or train for a weights file, received validation/],
    [['--pixels', '0.5'], 2, /--pixels: expected a mean and a deviation above 0/],
    [['--pixels', '0.5,0'], 2, /--pixels: expected a mean and a deviation above 0/],
    [['--tta'], 2, /--tta: expected the folder of a run/],
    [['runs/a'], 2, /evaluate: expected .*linear.safetensors alone, received 2 models/],
  ])('is refused with %j', async (flags, code, message) => {
    const { file, common } = await exported()
    const result = await atelier('evaluate', file, ...common, ...flags)
    expect(result).toMatchObject({ code, stderr: expect.stringMatching(message) })
  })

  it('alone takes the flags that describe one', async () => {
    const result = await atelier('evaluate', 'runs/nn', '--model', 'nn')
    expect(result).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^--model: expected a .safetensors/),
    })
  })
})

describe('the best epoch of a run', () => {
  it('is scored by its own weights, beside which nothing is kept', async () => {
    const folder = await temporaryFolder()
    const { run } = await finishedRun(folder, { holdOut: 0.25 })
    await writeWeights(run, 'best', initializeWeights(run.graph, 2))
    const args = ['evaluate', run.directory, '--engine', 'reference', '--json']
    const final = JSON.parse((await atelier(...args)).stdout)
    const kept = await readFile(join(run.directory, 'predictions-test.safetensors'))
    const best = JSON.parse((await atelier(...args, '--weights', 'best')).stdout)
    expect(best).toMatchObject({ run: run.directory, weights: 'best', temperatureScaling: null })
    expect(best.loss).not.toBe(final.loss)
    expect(await readFile(join(run.directory, 'predictions-test.safetensors'))).toEqual(kept)
    const other = await finishedRun(join(folder, 'other'), { holdOut: 0.25, seed: 2 })
    const alike = await atelier('evaluate', other.run.directory, '--engine', 'reference', '--json')
    expect(JSON.parse(alike.stdout).loss).toBe(best.loss)
    const { stdout } = await atelier('evaluate', run.directory, '--engine', 'reference', '--weights', 'best')
    expect(stdout).toContain(`(${run.directory}, its best epoch, reference engine, f32)`)
  })

  it('is refused where the run has kept none, and of a release', async () => {
    const folder = await temporaryFolder()
    const { run } = await finishedRun(folder, { holdOut: 0 })
    const released = join(folder, 'released')
    await releasedWeights(released, run)
    for (const [model, message] of [
      [run.directory, /--weights best: expected a run with best.safetensors, .* which has none/],
      [released, /--weights best: expected the folder of a run, received .*released, which is a release/],
    ] as const) {
      const result = await atelier('evaluate', model, '--engine', 'reference', '--weights', 'best')
      expect(result).toMatchObject({ code: 2, stderr: expect.stringMatching(message) })
    }
  })
})

it('names what may have been meant', async () => {
  expect(await atelier('evaluate', 'no-such-model')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^Trained model no-such-model: expected the name of pretrained weights or/),
  })
})

it('ends with 2 where the run held nothing out', async () => {
  const { run } = await finishedRun(await temporaryFolder(), { holdOut: 0 })
  const args = ['evaluate', run.directory, '--engine', 'reference', '--split', 'validation']
  expect(await atelier(...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(/held out none/) })
})

describe('several runs', () => {
  async function twoRuns() {
    const folder = await temporaryFolder()
    const { run: first } = await finishedRun(join(folder, 'first'), { holdOut: 0 })
    // The recipe of the first has flips and shifts.
    const recipe = { augmentation: null }
    const { run: second } = await finishedRun(join(folder, 'second'), { holdOut: 0, seed: 2, recipe })
    return [first.directory, second.directory] as const
  }
  const evaluate = (...args: string[]) => atelier('evaluate', ...args, '--engine', 'reference')

  it('answer with stable keys', async () => {
    const runs = await twoRuns()
    const { code, stdout, stderr } = await evaluate(...runs, '--tta', '--average-weights', '--json')
    expect(code).toBe(0)
    expect(stderr).toBe(
      `${runs[1]} was not trained on mirrored or moved images: expect --tta to make it worse\n`,
    )
    const answer = JSON.parse(stdout)
    expect(Object.keys(answer)).toEqual([
      ...['split', 'n', 'runs', 'ensemble', 'averagedWeights', 'engine', 'precision'],
    ])
    expect(answer).toMatchObject({ split: 'test', n: 30, engine: 'reference', precision: 'f32' })
    expect(answer.runs).toMatchObject([
      { run: runs[0], model: 'linear', seed: 1, temperatureScaling: null, tta: { views: 6 } },
      { run: runs[1], model: 'linear', seed: 2, temperatureScaling: null, tta: { views: 6 } },
    ])
    expect(answer.ensemble).toMatchObject({
      networks: 2,
      averaged: 'probabilities',
      tta: { averaged: 'logits' },
    })
    expect(answer.averagedWeights).toMatchObject({ networks: 1, averaged: 'weights', statisticsImages: 0 })
  })

  it('are told apart for people', async () => {
    const [first, second] = await twoRuns()
    const { stdout } = await evaluate(first, second, '--average-weights')
    expect(stdout).toMatch(/^2 runs on the 30 test images \(reference engine, f32\)\n\n/)
    expect(stdout).toMatch(/^1 {2}linear +\d+\.\d\d %/m)
    expect(stdout).toMatch(/^ {3}Ensemble of 2 +\d+\.\d\d %/m)
    expect(stdout).toMatch(/^ {3}Averaged weights +\d+\.\d\d %/m)
    expect(stdout).toContain(`2  ${second} (recipe quick, seed 2)\n`)
    expect(stdout).toContain('different first weights seldom average well')
    const lines = stdout.split('\n').filter((line) => !line.includes(first) && !line.includes(second))
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100)
    expect(stdout).not.toContain('TTA')
  })

  it('have to be several, and different', async () => {
    const [first] = await twoRuns()
    expect(await evaluate(first, '--average-weights')).toMatchObject({
      code: 2,
      stderr: '--average-weights: expected two or more runs, received 1\n',
    })
    expect(await evaluate(first, `${first}/`)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^evaluate: expected different runs, received .*first\/run\/ more than once/,
      ),
    })
  })
})

it('shows test-time augmentation beside the figure without it', async () => {
  const { run } = await finishedRun(await temporaryFolder(), { holdOut: 0 })
  const plain = await atelier('evaluate', run.directory, '--engine', 'reference', '--json')
  const { stdout } = await atelier('evaluate', run.directory, '--engine', 'reference', '--json', '--tta')
  const { tta, ...rest } = JSON.parse(stdout)
  expect(rest).toEqual(JSON.parse(plain.stdout))
  expect(tta).toMatchObject({ views: 6, averaged: 'logits', n: 30 })
  const text = await atelier('evaluate', run.directory, '--engine', 'reference', '--tta')
  expect(text.stdout).toMatch(/^Each image as it is +\d.*\n6 views of it \(TTA\) +\d/m)
})
