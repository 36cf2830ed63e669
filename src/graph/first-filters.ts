/** What a network's first layer looks for: its kernels over the image. */
import { type Graph, type GraphNode, weightsOfNode } from './graph.js'

export interface FirstFilters {
  readonly layer: string
  /** Whether they are kernels of a convolution, and not the weights of a dense layer's units, as large as the image. */
  readonly convolution: boolean
  readonly count: number
  readonly height: number
  readonly width: number
  /** [count, height, width]. */
  readonly values: Float32Array | Float64Array
  /** The largest weight, either way. */
  readonly largest: number
}

/** Null for a network whose first layer with weights looks at more than one channel, or has no kernels. */
export function firstFilters(
  graph: Graph,
  weights: ReadonlyMap<string, Float32Array | Float64Array>,
): FirstFilters | null {
  const layer = graph.nodes.find((node) => weightsOfNode(graph, node).length > 0)
  const kernel = layer && weightsOfNode(graph, layer).find(({ suffix }) => suffix === 'weight')
  const values = kernel && weights.get(kernel.name)
  if (!layer || !kernel || !values) return null
  const [imageHeight = 1, imageWidth = 1] = (graph.nodes[0] as GraphNode).shape
  const [count = 0, inputs = 0, ...window] = kernel.shape
  const convolution = window.length > 0
  const [height = imageHeight, width = imageWidth] = window
  if (values.length !== count * height * width || (convolution && inputs !== 1)) return null
  let largest = 0
  for (const value of values) largest = Math.max(largest, Math.abs(value))
  return { layer: layer.name, convolution, count, height, width, values, largest }
}
