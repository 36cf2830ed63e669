/** A map of test images as a model sees them: the activations of its last hidden layer, in two dimensions. */
import { mismatch } from '../../core/errors.js'
import type { Dataset } from '../../data/dataset.js'
import type { Engine } from '../../engine/engine.js'
import { type Graph, type GraphNode, weightsOf } from '../../graph/graph.js'
import type { TrainedModel } from '../../runs/trained-model.js'
import { checkFit } from '../../train/prepare.js'
import { gatherImages } from '../../train/subsets.js'
import { HttpError } from '../http/errors.js'
import type { ImageMap, MapMethod } from '../schemas/models.js'
import { principalComponents } from './components.js'
import { type LayoutRequest, layOut, NEIGHBOURS } from './layout.js'

/** Places so many test images, evenly spaced; `predicted` tells what the model takes each test image for. */
export async function mapImages(
  model: TrainedModel,
  dataset: Dataset,
  engine: Engine,
  { limit, by }: { readonly limit: number; readonly by: MapMethod },
  predicted: ReadonlyMap<number, number>,
): Promise<ImageMap> {
  const { test, height, width } = dataset
  checkFit(model.graph, dataset)
  const hidden = hiddenPart(model.graph)
  const count = Math.min(limit, test.count)
  const indices = Uint32Array.from({ length: count }, (_, i) => Math.floor((i * test.count) / count))
  if (by === 'umap' && count <= NEIGHBOURS) {
    throw new HttpError(404, mismatch('Map by UMAP', `more than ${NEIGHBOURS} test images`, String(count)))
  }
  const images = gatherImages(test.images, indices, height * width)
  const features = await featuresOf(hidden, model, engine, images, count)
  const { coordinates, explained } = await placesOf({ features, size: features.length / count }, by)
  const points = Array.from(indices, (index, i) => ({
    index,
    x: coordinates[2 * i] as number,
    y: coordinates[2 * i + 1] as number,
    label: test.labels[index] as number,
    predicted: predicted.get(index) as number,
  }))
  return { layer: (hidden.nodes.at(-1) as GraphNode).name, explained, points }
}

async function placesOf(
  request: LayoutRequest,
  by: MapMethod,
): Promise<Pick<ImageMap, 'explained'> & { readonly coordinates: Float32Array }> {
  if (by === 'umap') return { coordinates: await layOut(request), explained: null }
  const { coordinates, explained } = await principalComponents(request.features, request.size)
  return { coordinates, explained: [...explained] }
}

/** The graph up to what its last layer reads. */
function hiddenPart({ name, nodes }: Graph): Graph {
  const last = nodes.at(-1) as GraphNode
  const hidden = { name, nodes: nodes.slice(0, (last.inputs[0] ?? 0) + 1) }
  if (weightsOf(hidden).length > 0 && hidden.nodes.at(-1)?.shape.length === 1) return hidden
  throw new HttpError(404, `Map of ${name}: expected a model with a hidden layer, received one without`)
}

/** A part of a network classifies like a whole one: its "logits" are its last activations. */
async function featuresOf(
  hidden: Graph,
  model: TrainedModel,
  engine: Engine,
  images: Uint8Array,
  count: number,
): Promise<Float32Array> {
  const classifier = await engine.classifier(hidden, { precision: 'f32', scaling: model.scaling })
  try {
    await classifier.load(await model.readWeights())
    return await classifier.logits(images, count)
  } finally {
    classifier.dispose()
  }
}
