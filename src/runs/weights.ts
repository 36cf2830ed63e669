/** A model's weights alone, as runs keep them. */
import { readSafetensors, writeSafetensors } from '../checkpoint/safetensors.js'
import type { Values } from '../engine/engine.js'
import type { Graph } from '../graph/graph.js'
import { floatTensors, parseTensors, shapesOf, weightsMetadata } from './formats/weights.js'
import { pathIn, type RunFolder } from './run-folder.js'

export async function writeWeights(
  run: RunFolder,
  file: 'model' | 'best',
  values: ReadonlyMap<string, Values>,
): Promise<void> {
  const { record, graph } = run
  const metadata = weightsMetadata(record.model, graph, record.recipe.pixels)
  await writeSafetensors(pathIn(run, file), floatTensors(values, shapesOf(graph)), metadata)
}

/** Reads the weights of a graph from a safetensors file, checking names, shapes and, where it is told, the CRC-32. */
export async function readWeights(path: string, graph: Graph, crc32?: string): Promise<Map<string, Values>> {
  const { tensors } = await readSafetensors(path, crc32)
  return parseTensors(path, tensors, shapesOf(graph))
}
