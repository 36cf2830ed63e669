/** Dropout is regularization: a recipe may set it without touching the architecture. */
import { type Graph, type GraphNode, type NodeSpec, resolveGraph } from './graph.js'

/**
 * The same graph, every dropout layer at `rate`; one without dropout layers gets one before each dense layer that
 * follows another dense or convolutional layer. Weights keep their names and shapes.
 */
export function withDropout(graph: Graph, rate: number): Graph {
  if (graph.nodes.some(({ op }) => op === 'dropout')) {
    const nodes = graph.nodes.map((node) => (node.op === 'dropout' ? { ...node, params: { rate } } : node))
    return resolveGraph(graph.name, nodes)
  }
  const specs: NodeSpec[] = []
  /** Where each node of the old graph stands in the new one. */
  const places: number[] = []
  for (const node of graph.nodes) {
    let inputs = node.inputs.map((i) => places[i] as number)
    if (node.op === 'dense' && readsFeatures(graph, node)) {
      specs.push({ name: `${node.name}_dropout`, op: 'dropout', params: { rate }, inputs })
      inputs = [specs.length - 1]
    }
    places.push(specs.length)
    specs.push({ ...node, inputs })
  }
  return resolveGraph(graph.name, specs)
}

/** Whether a dense or convolutional layer lies before the node. */
function readsFeatures(graph: Graph, node: GraphNode): boolean {
  return node.inputs.some((i) => {
    const source = graph.nodes[i] as GraphNode
    return source.op === 'dense' || source.op === 'conv2d' || readsFeatures(graph, source)
  })
}
