import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { finishedRun } from '../../test/support/run.js'
import { createReferenceEngine } from '../engine/reference/engine.js'
import { readMetrics } from '../runs/read-metrics.js'
import { writeWeights } from '../runs/weights.js'
import { initializeWeights } from '../train/initialize.js'
import { fitTemperature } from './calibration.js'
import { predictionsOf } from './predictions.js'
import { scoreRun } from './score.js'

const engine = createReferenceEngine()
const result = {
  seconds: 2,
  history: [
    {
      epoch: 1,
      loss: 0.5,
      accuracy: 0.8,
      val_loss: 0.6,
      val_accuracy: 0.7,
      learning_rate: 0.001,
      images_per_second: 30,
      seconds: 2,
    },
  ],
}

describe('scoreRun', () => {
  it('fits the temperature on the held-out images and keeps all it found', async () => {
    const { run, dataset } = await finishedRun(await temporaryFolder(), { holdOut: 0.5 })
    // First weights that happen to be better than chance, as those of the run are not.
    await writeWeights(run, 'model', initializeWeights(run.graph, 2))
    const metrics = await scoreRun(run, dataset, engine, result)
    const { logits, labels } = await predictionsOf(run, 'validation', { dataset, engine })
    const temperature = fitTemperature(logits, labels, 3)
    expect(temperature).toBeGreaterThan(0)
    expect(metrics.calibration).toEqual({ temperature, fittedOn: '30 held-out images' })
    expect(metrics.test.temperatureScaling).toMatchObject({ temperature })
    expect(metrics.test.temperatureScaling?.loss).not.toBe(metrics.test.loss)
    const training = { epochs: 1, seconds: 2, loss: 0.5, accuracy: 0.8, validationAccuracy: 0.7 }
    expect(metrics.training).toEqual(training)
    expect(await readMetrics(run)).toEqual(metrics)
  })

  it('has no temperature where nothing was held out', async () => {
    const { run, dataset } = await finishedRun(await temporaryFolder(), { holdOut: 0 })
    const { calibration, test } = await scoreRun(run, dataset, engine, result)
    expect(calibration).toBeNull()
    expect(test.temperatureScaling).toBeNull()
  })
})
