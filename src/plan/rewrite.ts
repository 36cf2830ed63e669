/** What graph rewrites are made of. */
import type { GraphNode } from '../graph/graph.js'

export const readersOf = (nodes: readonly GraphNode[], index: number): readonly GraphNode[] =>
  nodes.filter((node) => node.inputs.includes(index))

/** Takes node `index` away; its readers read node `by` (an earlier one) instead. */
export function bypass(nodes: readonly GraphNode[], index: number, by: number): readonly GraphNode[] {
  const renumber = (i: number): number => (i === index ? by : i > index ? i - 1 : i)
  return nodes.filter((_, i) => i !== index).map((node) => ({ ...node, inputs: node.inputs.map(renumber) }))
}

export const replace = (nodes: readonly GraphNode[], index: number, node: GraphNode): readonly GraphNode[] =>
  nodes.map((old, i) => (i === index ? node : old))
