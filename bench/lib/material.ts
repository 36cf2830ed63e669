/** A temporary folder with what all contestants are given; bench/contestants/material.ts reads it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeSafetensors } from '#atelier/checkpoint/safetensors.js'
import { loadDataset } from '#atelier/data/dataset.js'
import { weightsOf } from '#atelier/graph/graph.js'
import { type ModelName, models } from '#atelier/models/index.js'
import { namedRecipe } from '#atelier/recipes/index.js'
import { pixelScaling } from '#atelier/recipes/recipe.js'
import { initializeWeights } from '#atelier/train/initialize.js'
import type { BenchModel, Material } from './types.js'

/** Batches of the study. */
const BATCH: Readonly<Record<ModelName, number>> = { nn: 32, dnn: 32, cnn: 128, resnet50: 128 }

export async function prepareMaterial(names: readonly ModelName[]): Promise<Material> {
  const folder = mkdtempSync(join(tmpdir(), 'atelier-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const { train, test } = await loadDataset()
  writeFileSync(join(folder, 'train-images.u8'), train.images)
  writeFileSync(join(folder, 'train-labels.u8'), train.labels)
  writeFileSync(join(folder, 'test-images.u8'), test.images)
  const prepared: BenchModel[] = []
  for (const name of names) prepared.push(await prepareModel(folder, name))
  return { folder, models: prepared }
}

async function prepareModel(folder: string, name: ModelName): Promise<BenchModel> {
  const graph = models[name].build()
  const values = initializeWeights(graph, 1)
  const tensors = weightsOf(graph).map(({ name, shape }) => {
    return [name, { shape, data: values.get(name) as Float32Array }] as const
  })
  await writeSafetensors(join(folder, `${name}.safetensors`), new Map(tensors))
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(graph.nodes))
  return { name, graph, batch: BATCH[name], pixels: pixelScaling(namedRecipe('quick', name)) }
}
