/** Folders of runs and of releases, one or two of whose files are damaged, and all that reads them. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadDataset } from '#atelier/data/dataset.js'
import { createReferenceEngine } from '#atelier/engine/reference/engine.js'
import { scoreRun } from '#atelier/evaluate/score.js'
import { dense, flatten, input, sequential } from '#atelier/graph/layers.js'
import { namedRecipe } from '#atelier/recipes/index.js'
import { pixelScaling } from '#atelier/recipes/recipe.js'
import { lengthOf } from '#atelier/runs/formats/length.js'
import { shapesOf } from '#atelier/runs/formats/weights.js'
import { openTrained } from '#atelier/runs/open-trained.js'
import { readReleasedMetrics, readRunMetrics } from '#atelier/runs/read-metrics.js'
import { packageReleases } from '#atelier/runs/released-weights.js'
import { openRun } from '#atelier/runs/run-folder.js'
import type { TrainedModel } from '#atelier/runs/trained-model.js'
import { loadCheckpoint } from '#atelier/runs/training-state.js'
import { openWeightsFile } from '#atelier/runs/weights-file.js'
import { detailModel } from '#atelier/server/models/describe.js'
import { prepareRun } from '#atelier/train/prepare.js'
import { trainRun } from '#atelier/train/train-run.js'
import type { Random } from '../../bench/lib/random.js'
import { writeNoise } from '../lib/noise-data.js'
import { allOf, type Files, inFolder } from './in-folder.js'
import { below, type Mutate, mutateBytes, mutateJson, mutateTable, oneOf } from './mutate.js'
import { type Input, isMeantForUsers, type Reader } from './reader.js'
import { mutateSafetensors } from './tensors.js'

/** A run of milliseconds that has every file a run may have. */
export async function runReader(folder: string): Promise<Reader> {
  const valid = filesIn(await smallRun(folder))
  const directory = join(folder, 'run')
  return inFolder(directory, valid, { make: (random) => damage(valid, random), read: readRun })
}

export async function smallRun(folder: string): Promise<string> {
  const data = join(folder, 'data')
  writeNoise(data, { train: 60, test: 30, side: 5, classes: 3 })
  const dataset = await loadDataset({ data })
  const engine = createReferenceEngine()
  const recipe = { ...namedRecipe('quick', 'small'), epochs: 2, batch: 16, holdOut: 20, augmentation: null }
  const graph = sequential('small', input(5, 5, 1), flatten(), dense(4, { activation: 'relu' }), dense(3))
  const directory = join(folder, 'run')
  const what = { model: 'small', source: null, graph, recipeName: 'quick', settings: ['holdOut=20'] }
  const where = { directory, dataset, engine, seed: 1, limit: null }
  const run = await prepareRun({ ...what, ...where, recipe: { ...recipe, precision: 'f32' } })
  await scoreRun(run, dataset, engine, await trainRun({ run, dataset, engine }))
  return directory
}

async function readRun(directory: string): Promise<void> {
  await allOf(
    [
      async () => {
        const run = await openRun(directory)
        lengthOf(run.record)
        await loadCheckpoint(run, shapesOf(run.graph))
      },
      async () => readRunMetrics({ directory }),
      async () => readModel(await openTrained(directory)),
      async () => readModel(await openTrained(directory, { weights: 'best' })),
      async () => openWeightsFile(join(directory, 'model.safetensors')),
    ],
    isMeantForUsers,
  )
}

/** What predicts, and what the server tells of a model: history, metrics and held-out logits among it. */
async function readModel(model: TrainedModel): Promise<void> {
  const readings = [() => model.readWeights(), () => detailModel({ id: 'model', version: '', model })]
  await allOf(readings, isMeantForUsers)
}

/** The same run, released, with the metrics of a real release. */
export async function releaseReader(folder: string): Promise<Reader> {
  const run = await openRun(await smallRun(folder))
  const { graph, ...training } = run.record
  const [model, classes] = [run.record.model, run.record.data.classes]
  const heldOut = { seed: 1, trainImages: 40, heldOutImages: 20, revision: null }
  const config = {
    format: 1,
    model,
    classes,
    pixels: pixelScaling(run.record.recipe),
    training,
    heldOut,
    graph,
  }
  const ofRun = filesIn(run.directory)
  const valid = {
    'model.safetensors': ofRun['model.safetensors'] as Buffer,
    'history.csv': ofRun['history.csv'] as Buffer,
    'held-out.safetensors': ofRun['predictions-validation.safetensors'] as Buffer,
    'config.json': Buffer.from(JSON.stringify(config)),
    'metrics.json': readFileSync(join(packageReleases, 'nn', 'metrics.json')),
  }
  const directory = join(folder, 'release')
  mkdirSync(directory)
  return inFolder(directory, valid, { make: (random) => damage(valid, random), read: readRelease })
}

async function readRelease(directory: string): Promise<void> {
  await allOf(
    [
      async () => readModel(await openTrained(directory)),
      async () => readReleasedMetrics({ directory }),
      async () => openWeightsFile(join(directory, 'model.safetensors')),
    ],
    isMeantForUsers,
  )
}

export function filesIn(directory: string): Files {
  const names = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(names.map(({ name }) => [name, readFileSync(join(directory, name))]))
}

function damage(valid: Files, random: Random): Input {
  const names = Object.keys(valid).filter((name) => mutationOf(name) !== null)
  const changes: Record<string, Buffer | null> = {}
  for (let change = below(random, 2); change >= 0; change--) {
    const name = oneOf(random, names)
    const bytes = valid[name] as Buffer
    const other = oneOf(random, names)
    const mutate = mutationOf(name) ?? mutateBytes
    changes[name] = oneOf(random, [
      () => null,
      () => Buffer.alloc(0),
      () => valid[other] as Buffer,
      () => bytes.subarray(0, below(random, bytes.length)),
      ...Array.from({ length: 8 }, () => () => mutate(bytes, random)),
    ])()
  }
  return changes
}

function mutationOf(name: string): Mutate | null {
  if (name.endsWith('.json')) return mutateJson
  if (name.endsWith('.csv')) return mutateTable
  return name.endsWith('.safetensors') ? mutateSafetensors : null
}
