/** A trained model's weights as a safetensors file: plain layouts, `<layer>.<suffix>`, all else in the metadata. */
import { type StoredTensor, writeSafetensors } from '../checkpoint/safetensors.js'
import { storeGraph, weightsOf } from '../graph/graph.js'
import type { TrainedModel } from '../runs/trained-model.js'
import { describeModel, readTestFigures } from './metadata.js'

/** `pt` is how Python's libraries recognize tensors that they can read; the layouts are PyTorch's too. */
const format = 'pt'

/** f16 rounds kernels and biases; what Batch Normalization keeps stays f32, since its statistics can be large. */
export async function exportSafetensors(
  model: TrainedModel,
  path: string,
  precision: 'f32' | 'f16',
): Promise<void> {
  const weights = await model.readWeights()
  const tensors = weightsOf(model.graph).map(({ name, shape, suffix }): [string, StoredTensor] => {
    const data = Float32Array.from(weights.get(name) ?? [])
    const halved = precision === 'f16' && (suffix === 'weight' || suffix === 'bias')
    return [name, { shape, data, ...(halved ? { as: 'F16' as const } : {}) }]
  })
  const graph = JSON.stringify(storeGraph(model.graph))
  const metadata = { format, ...describeModel(model, await readTestFigures(model)), graph }
  await writeSafetensors(path, new Map(tensors), metadata)
}
