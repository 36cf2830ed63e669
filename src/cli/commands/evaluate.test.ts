import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { atelier } from '../../../test/support/command-line.js'
import { temporaryFolder } from '../../../test/support/folder.js'
import { releasedWeights } from '../../../test/support/pretrained.js'
import { finishedRun } from '../../../test/support/run.js'

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
