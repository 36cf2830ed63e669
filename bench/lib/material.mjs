// A temporary folder with what all contestants are given; bench/peers/material.mjs reads it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeSafetensors } from '../../dist/checkpoint/safetensors.js'
import { loadDataset } from '../../dist/data/dataset.js'
import { weightsOf } from '../../dist/graph/graph.js'
import { models } from '../../dist/models/index.js'
import { namedRecipe } from '../../dist/recipes/index.js'
import { pixelScaling } from '../../dist/recipes/recipe.js'
import { initializeWeights } from '../../dist/train/initialize.js'

/** Batches of the study. */
const BATCH = { nn: 32, dnn: 32, cnn: 128, resnet50: 128 }

export async function prepareMaterial(names) {
  const folder = mkdtempSync(join(tmpdir(), 'atelier-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const { train, test } = await loadDataset()
  writeFileSync(join(folder, 'train-images.u8'), train.images)
  writeFileSync(join(folder, 'train-labels.u8'), train.labels)
  writeFileSync(join(folder, 'test-images.u8'), test.images)
  const prepared = []
  for (const name of names) prepared.push(await prepareModel(folder, name))
  return { folder, models: prepared }
}

async function prepareModel(folder, name) {
  const graph = models[name].build()
  const values = initializeWeights(graph, 1)
  const tensors = weightsOf(graph).map(({ name, shape }) => [name, { shape, data: values.get(name) }])
  await writeSafetensors(join(folder, `${name}.safetensors`), new Map(tensors))
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(graph.nodes))
  return { name, graph, batch: BATCH[name], pixels: pixelScaling(namedRecipe('quick', name)) }
}
