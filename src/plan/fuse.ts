/**
 * Graph rewrites before lowering; each leaves the function that the graph computes as it is:
 *   - a ReLU behind a convolution, dense layer, Batch Normalization or add, read by it alone, joins it;
 *   - a flatten before dense layers disappears, since a dense step reads an image in the order h, w, c;
 *   - a flatten of the input makes the input itself flat.
 */
import { sizeOf } from '../core/shape.js'
import type { Graph, GraphNode } from '../graph/graph.js'
import type { OpKind } from '../graph/registry.js'
import { bypass, readersOf, replace } from './rewrite.js'

const takesActivation: ReadonlySet<OpKind> = new Set(['conv2d', 'dense', 'batchNormalization', 'add'])

/** One rewrite at `index`, or null where none applies. */
function rewrite(nodes: readonly GraphNode[], index: number): readonly GraphNode[] | null {
  const node = nodes[index] as GraphNode
  const from = node.inputs[0]
  if (from === undefined) return null
  const before = nodes[from] as GraphNode
  if (node.op === 'relu') {
    const free = takesActivation.has(before.op) && readersOf(nodes, from).length === 1
    const params = before.params as { activation?: string | null }
    if (!free || params.activation) return null
    return bypass(replace(nodes, from, { ...before, params: { ...params, activation: 'relu' } }), index, from)
  }
  if (node.op !== 'flatten' || index === nodes.length - 1) return null
  if (readersOf(nodes, index).every((reader) => reader.op === 'dense')) return bypass(nodes, index, from)
  if (before.op !== 'input' || readersOf(nodes, from).length !== 1) return null
  const flat = [sizeOf(before.shape)]
  return bypass(replace(nodes, from, { ...before, params: { shape: flat }, shape: flat }), index, from)
}

export function fuseGraph(graph: Graph): Graph {
  let nodes = graph.nodes
  for (let index = 1; index < nodes.length; ) {
    const rewritten = rewrite(nodes, index)
    if (rewritten) nodes = rewritten
    else index++
  }
  return { name: graph.name, nodes }
}
