import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/folder.js'
import { finishedRun } from '../../../test/support/run.js'
import { createReferenceEngine } from '../../engine/reference/engine.js'
import { predictionsOf } from '../../evaluate/predictions.js'
import { answerOf } from '../../predict/answer.js'
import type { TrainedModel } from '../../runs/trained-model.js'
import { familiarityOf, familiarityThreshold, knownImagesOf } from './familiarity.js'

async function told(run: TrainedModel, pixel: number) {
  const { classes, temperature } = run
  const facts = { classes, temperature, known: await knownImagesOf(run) }
  const image = Uint8Array.of(0, pixel)
  return familiarityOf(answerOf(image, Float32Array.of(1, 2, 3), facts))
}

test('is told as soon as a run has its held-out logits', async () => {
  const { run, dataset } = await finishedRun(await temporaryFolder(), { holdOut: 12 })
  expect(await familiarityThreshold(run)).toBeNull()
  expect(await told(run, 255)).toBeNull()
  await predictionsOf(run, 'validation', { dataset, engine: createReferenceEngine() })
  const threshold = await familiarityThreshold(run)
  expect(threshold).toEqual(expect.any(Number))
  expect(await told(run, 255)).toMatchObject({ threshold })
})

test('is denied to a blank image, whatever was held out', async () => {
  const { run } = await finishedRun(await temporaryFolder(), { holdOut: 0 })
  const unknown = { familiar: false, score: null, threshold: null }
  expect(await told(run, 0)).toEqual(unknown)
})
