/** A model's weights alone, as finished runs keep them. */
import { readSafetensors, writeSafetensors } from '../checkpoint/safetensors.js'
import type { Values } from '../engine/engine.js'
import { type Graph, weightsOf } from '../graph/graph.js'
import { pathIn, type RunFolder } from './run-folder.js'
import { checkedTensors, stored } from './training-state.js'

const shapesOf = (graph: Graph) => new Map(weightsOf(graph).map(({ name, shape }) => [name, shape]))

export async function writeWeights(
  run: RunFolder,
  file: 'model' | 'best',
  values: ReadonlyMap<string, Values>,
): Promise<void> {
  const metadata = { model: run.record.model, format: 'atelier' }
  await writeSafetensors(pathIn(run, file), stored(values, shapesOf(run.graph)), metadata)
}

/** Reads the weights of a graph from a safetensors file, checking names and shapes. */
export async function readWeights(path: string, graph: Graph): Promise<Map<string, Values>> {
  const { tensors } = await readSafetensors(path)
  return checkedTensors(path, tensors, shapesOf(graph))
}
