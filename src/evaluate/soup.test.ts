import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { writeDataset } from '../../test/support/idx.js'
import { type FinishedRunOptions, finishedRun } from '../../test/support/run.js'
import { UsageError } from '../core/errors.js'
import { loadDataset } from '../data/dataset.js'
import { createReferenceEngine } from '../engine/reference/engine.js'
import { batchNormalization, dense, flatten, input, sequential } from '../graph/layers.js'
import type { TrainedModel } from '../runs/trained-model.js'
import { nodeHost } from '../train/node-host.js'
import { TrainingPrograms } from '../train/programs.js'
import { trainingSubset } from '../train/subsets.js'
import { predict, predictWith } from './predictions.js'
import { averageRuns, meanWeights } from './soup.js'

const engine = createReferenceEngine()
/** Batches of 7: 60 images hold eight of them. */
const recipe = { batch: 7 }
const normalized = (units = 5) =>
  sequential('normalized', input(4, 4, 1), flatten(), dense(units), batchNormalization(), dense(3))

/** Runs on equal data, one for each entry. */
async function finishedRuns<T extends readonly Partial<FinishedRunOptions>[]>(...options: T) {
  const folder = await temporaryFolder()
  const each = options.map((one, i) => finishedRun(join(folder, String(i)), { holdOut: 0, recipe, ...one }))
  const finished = await Promise.all(each)
  const runs = finished.map(({ run }) => run) as [TrainedModel, ...TrainedModel[]]
  const [{ dataset }] = finished as [(typeof finished)[number]]
  return { folder, runs, dataset, weights: finished.map(({ weights }) => weights) }
}

describe('meanWeights', () => {
  it('is the mean of each weight', () => {
    const network = (...values: number[]) => new Map([['a', Float32Array.from(values)]])
    expect(meanWeights([network(1, 2), network(3, -2), network(5, 9)])).toEqual(network(3, 3))
  })
})

describe('averageRuns', () => {
  it('of equal weights gives their very logits', async () => {
    const { runs, dataset, weights } = await finishedRuns({}, {})
    const soup = await averageRuns(runs, { dataset, engine })
    expect(soup.statisticsImages).toBe(0)
    expect(soup.weights).toEqual(weights[0])
    const request = { dataset, engine, precision: 'f32' } as const
    const { logits } = await predictWith(soup.weights, runs[0], 'test', request)
    expect(logits).toEqual((await predict(runs[0], 'test', request)).logits)
  })

  it('of a linear model gives the mean logits', async () => {
    const { runs, dataset } = await finishedRuns({ seed: 1 }, { seed: 2 })
    const request = { dataset, engine, precision: 'f32' } as const
    const { weights } = await averageRuns(runs, request)
    const { logits } = await predictWith(weights, runs[0], 'test', request)
    const [first, second] = await Promise.all(runs.map((run) => predict(run, 'test', request)))
    logits.forEach((logit, i) => {
      expect(logit).toBeCloseTo(((first?.logits[i] as number) + (second?.logits[i] as number)) / 2, 5)
    })
  })

  it('takes the statistics of Batch Normalization from training images, as a training does', async () => {
    const graph = normalized()
    const { runs, dataset, weights } = await finishedRuns({ graph, seed: 1 }, { graph, seed: 2 })
    const soup = await averageRuns(runs, { dataset, engine })
    expect(soup.statisticsImages).toBe(56)
    const means = meanWeights(weights)
    expect(soup.weights.get('dense_1.weight')).toEqual(means.get('dense_1.weight'))
    const [{ record }] = runs
    const setting = { host: nodeHost, engine, precision: 'f32', imageDType: 'u8' } as const
    const options = { ...setting, graph, recipe: record.recipe }
    const programs = await TrainingPrograms.create(options)
    await programs.writeState(means)
    await programs.reestimate(trainingSubset(dataset, record).imagesToReestimate(100))
    const trained = await programs.finalWeights()
    for (const name of ['batch_normalization_1.mean', 'batch_normalization_1.variance']) {
      expect(soup.weights.get(name)).toEqual(trained.get(name))
      expect(soup.weights.get(name)).not.toEqual(means.get(name))
    }
  })

  it('refuses networks that differ', async () => {
    const { runs, dataset } = await finishedRuns(
      { graph: normalized() },
      { graph: normalized(6) },
      {},
      { graph: normalized(), recipe: { ...recipe, pixels: { mean: 0, deviation: 1 } } },
    )
    const [first, wider, linear, scaled] = runs as unknown as readonly [TrainedModel, ...TrainedModel[]]
    const average = (...others: (TrainedModel | undefined)[]) =>
      averageRuns([first, ...(others as TrainedModel[])], { dataset, engine })
    await expect(average(wider)).rejects.toThrow(UsageError)
    await expect(average(wider)).rejects.toThrow(
      /^--average-weights, .*1\/run: expected the network of .*0\/run, received dense_1 \(dense \{"units":6,.*\} of flatten_1\) in place of dense_1 \(dense \{"units":5,.*Without --average-weights they are scored as an ensemble$/,
    )
    await expect(average(first, linear)).rejects.toThrow(/2\/run: .* received dense_1 \(dense \{"units":3,/)
    await expect(average(scaled)).rejects.toThrow(
      /received pixels of mean 0 and deviation 1 in place of pixels of mean 0\.286 and deviation 0\.353/,
    )
    const shorter = sequential('normalized', input(4, 4, 1), flatten(), dense(3))
    const longer = sequential('normalized', input(4, 4, 1), flatten(), dense(3), dense(3))
    const { runs: two } = await finishedRuns({ graph: longer }, { graph: shorter })
    await expect(averageRuns(two, { dataset, engine })).rejects.toThrow(
      /received no further layer in place of dense_2/,
    )
  })

  it("takes statistics from the run's own data alone", async () => {
    const { folder, runs } = await finishedRuns({ graph: normalized() }, { graph: normalized() })
    const data = join(folder, 'others')
    await writeDataset(data, { trainCount: 60, testCount: 30, height: 4, width: 4, classes: 3, seed: 2 })
    await expect(averageRuns(runs, { dataset: await loadDataset({ data }), engine })).rejects.toThrow(
      /^--average-weights, train-images-idx3-ubyte: expected the run's own data, received other bytes/,
    )
  })
})
