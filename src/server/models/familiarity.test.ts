import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/folder.js'
import { finishedRun } from '../../../test/support/run.js'
import { createReferenceEngine } from '../../engine/reference/engine.js'
import { predictionsOf } from '../../evaluate/predictions.js'
import { familiarityOf, familiarityThreshold } from './familiarity.js'

test('is told as soon as a run has its held-out logits', async () => {
  const { run, dataset } = await finishedRun(await temporaryFolder(), { holdOut: 12 })
  const logits = Float32Array.of(1, 2, 3)
  expect(await familiarityThreshold(run)).toBeNull()
  expect(await familiarityOf(run, logits, false)).toBeNull()
  await predictionsOf(run, 'validation', { dataset, engine: createReferenceEngine() })
  const threshold = await familiarityThreshold(run)
  expect(threshold).toEqual(expect.any(Number))
  expect(await familiarityOf(run, logits, false)).toMatchObject({ threshold })
})

test('is denied to a blank image, whatever was held out', async () => {
  const { run } = await finishedRun(await temporaryFolder(), { holdOut: 0 })
  const unknown = { familiar: false, score: null, threshold: null }
  expect(await familiarityOf(run, Float32Array.of(1, 2, 3), true)).toEqual(unknown)
})
