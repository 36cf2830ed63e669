/**
 * One network of several: the mean of their weights (Wortsman et al., Model soups, arXiv 2203.05482, 2022), with
 * Batch Normalization's statistics taken anew, as for every averaged network (Izmailov et al., Averaging weights
 * leads to wider optima and better generalization, arXiv 1803.05407, 2018).
 */

import { mismatch, UsageError } from '../core/errors.js'
import type { Dataset } from '../data/dataset.js'
import type { Engine, Values } from '../engine/engine.js'
import { type Graph, storeGraph, weightsOf } from '../graph/graph.js'
import { buildStatisticsPlan } from '../plan/build.js'
import { batchOf, pixelScaling } from '../recipes/recipe.js'
import type { TrainedModel } from '../runs/trained-model.js'
import { estimateStatistics } from '../train/normalization-statistics.js'
import { trainingSubset } from '../train/subsets.js'
import { checkOwnData } from './images.js'

const FLAG = '--average-weights'
/** Fewer batches than these are too few for statistics, whatever the recipe takes. */
const LEAST_BATCHES = 100

export interface Soup {
  readonly weights: ReadonlyMap<string, Values>
  /** Training images from which the statistics were taken; 0 where the network has none. */
  readonly statisticsImages: number
}

/**
 * Averages the trained weights of finished runs of one architecture. The statistics come from training images of
 * the first run, in f32.
 *
 * @throws UsageError for runs whose networks differ, AtelierError for other data than the first run's own where
 * statistics are to be taken.
 */
export async function averageRuns(
  runs: readonly [TrainedModel, ...TrainedModel[]],
  { dataset, engine }: { readonly dataset: Dataset; readonly engine: Engine },
): Promise<Soup> {
  checkAlike(runs)
  const [first] = runs
  const each: Map<string, Values>[] = []
  for (const run of runs) each.push(await run.readWeights())
  const weights = meanWeights(each)
  const { recipe } = first.record
  const batch = batchOf(recipe, first.record.trainImages)
  const common = { batch, precision: 'f32', imageDType: 'u8' } as const
  const plan = buildStatisticsPlan(first.graph, { ...common, scaling: pixelScaling(recipe) })
  if (plan.steps.length === 0) return { weights, statisticsImages: 0 }
  checkOwnData(first, dataset, FLAG)
  const images = trainingSubset(dataset, first.record).imagesToReestimate(
    Math.max(recipe.reestimate, LEAST_BATCHES),
  )
  const program = await engine.compile(plan)
  try {
    const used = plan.tensors.filter(({ persistent }) => persistent).map(({ name }) => name)
    await program.write(new Map(used.map((name) => [name, weights.get(name) as Values])))
    const statisticsImages = await estimateStatistics(program, images)
    const statistics = await program.read(statisticsOf(first.graph))
    return { weights: new Map([...weights, ...statistics]), statisticsImages }
  } finally {
    program.dispose()
  }
}

const statisticsOf = (graph: Graph): readonly string[] =>
  weightsOf(graph).flatMap(({ name, trainable }) => (trainable ? [] : [name]))

/** The mean of each weight over networks that have the same ones. */
export function meanWeights(networks: readonly ReadonlyMap<string, Values>[]): Map<string, Float32Array> {
  const [first = new Map<string, Values>(), ...others] = networks
  const means = [...first].map(([name, values]): [string, Float32Array] => {
    const sum = Float64Array.from(values)
    for (const network of others) {
      network.get(name)?.forEach((value, i) => {
        sum[i] = (sum[i] as number) + value
      })
    }
    return [name, Float32Array.from(sum, (value) => value / networks.length)]
  })
  return new Map(means)
}

/** Weights of other layers, or of networks that are shown other pixels, have no mean that would mean anything. */
function checkAlike([first, ...others]: readonly [TrainedModel, ...TrainedModel[]]): void {
  const expected = partsOf(first)
  for (const other of others) {
    const received = partsOf(other)
    const length = Math.max(expected.length, received.length)
    const at = Array.from({ length }, (_, i) => i).find((i) => expected[i] !== received[i])
    if (at === undefined) continue
    const [own, its] = [expected, received].map((parts) => parts[at] ?? 'no further layer')
    throw new UsageError(
      mismatch(
        `${FLAG}, ${other.directory}`,
        `the network of ${first.directory}`,
        `${its} in place of ${own}`,
        `Without ${FLAG} they are scored as an ensemble`,
      ),
    )
  }
}

/** All that a network is but its weights: `dense_1 (dense {"units":64} of flatten_1)`, layer by layer. */
function partsOf({ graph, record }: TrainedModel): readonly string[] {
  const { nodes } = storeGraph(graph)
  const { mean, deviation } = record.recipe.pixels
  const layers = nodes.map(({ name, op, params, inputs }) => {
    const read = inputs.map((index) => nodes[index]?.name).join(' and ')
    return `${name} (${op} ${JSON.stringify(params)}${read && ` of ${read}`})`
  })
  return [`pixels of mean ${mean} and deviation ${deviation}`, ...layers]
}
