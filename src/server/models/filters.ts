/** What a network's first layer looks for: its kernels as numbers. */
import { type GraphNode, weightsOfNode } from '../../graph/graph.js'
import type { TrainedModel } from '../../runs/trained-model.js'
import { HttpError } from '../http/errors.js'
import type { Filters } from '../schemas/models.js'

/** Kernels of a convolution over one channel, or the weights of a dense layer's units, as images. */
export async function firstFilters(model: TrainedModel): Promise<Filters> {
  const { graph } = model
  const layer = graph.nodes.find((node) => weightsOfNode(graph, node).length > 0) as GraphNode
  const kernel = weightsOfNode(graph, layer).find(({ suffix }) => suffix === 'weight')
  const [imageHeight = 1, imageWidth = 1] = (graph.nodes[0] as GraphNode).shape
  const [count = 0, inputs = 0, ...window] = kernel?.shape ?? []
  const [height = imageHeight, width = imageWidth] = window
  const size = height * width
  const values = kernel && (await model.readWeights()).get(kernel.name)
  if (values === undefined || values.length !== count * size || (window.length > 0 && inputs !== 1)) {
    throw new HttpError(
      404,
      `Filters of ${model.name}: expected a first layer over one channel, received another`,
    )
  }
  const filters = Array.from({ length: count }, (_, filter) =>
    Array.from(values.subarray(filter * size, (filter + 1) * size)),
  )
  let largest = 0
  for (const value of values) largest = Math.max(largest, Math.abs(value))
  return { layer: layer.name, height, width, filters, largest }
}
