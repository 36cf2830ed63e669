/** A model as a graph: ops by name, in an order in which every op follows its inputs. */
import { z } from 'zod'
import { AtelierError } from '../core/errors.js'
import { parseBy } from '../core/schema.js'
import { formatShape, type Shape, sizeOf } from '../core/shape.js'
import { ShapeError, type WeightSpec } from './op.js'
import { type OpKind, ops, rulesOf } from './registry.js'

export interface GraphNode {
  readonly name: string
  readonly op: OpKind
  readonly params: unknown
  /** Indices of earlier nodes. */
  readonly inputs: readonly number[]
  /** The shape of one image's result. */
  readonly shape: Shape
}

export interface Graph {
  readonly name: string
  /** The first is the input, the last gives the logits. */
  readonly nodes: readonly GraphNode[]
}

/** A node as it is written down: its shape follows from the rules. */
export type NodeSpec = Omit<GraphNode, 'shape'>

/** Applies every op's shape rule; a broken one is reported with the layer's name and both shapes. */
export function resolveGraph(name: string, specs: readonly NodeSpec[]): Graph {
  const nodes: GraphNode[] = []
  for (const spec of specs) {
    const inputs = spec.inputs.map((i) => (nodes[i] as GraphNode).shape)
    try {
      nodes.push({ ...spec, shape: rulesOf(spec.op).shape(spec.params, inputs) })
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error
      const from = spec.inputs.map((i) => (nodes[i] as GraphNode).name).join(' and ')
      throw new AtelierError(
        `Layer ${spec.name} (${spec.op}) of model ${name}: expected ${error.expected}, ` +
          `received ${error.received} from ${from}. Change this layer or the one before it`,
      )
    }
  }
  const [first, last] = [nodes[0], nodes.at(-1)]
  if (first?.op !== 'input' || !last || last.shape.length !== 1) {
    throw new AtelierError(
      `Model ${name}: expected an input first and, last, a layer that gives one logit for each class ` +
        `(such as dense(10)), received ${last ? `${last.name} of shape ${formatShape(last.shape)}` : 'no layers'}`,
    )
  }
  const graph = { name, nodes }
  checkNames(graph)
  return graph
}

/** Results and weights are known by their names, so each has one of its own; a slash is for what plans add. */
function checkNames(graph: Graph): void {
  const seen = new Set<string>()
  const names = [...graph.nodes, ...weightsOf(graph)].map(({ name }) => name)
  for (const name of names) {
    if (!seen.has(name) && !name.includes('/')) {
      seen.add(name)
      continue
    }
    const expected = 'a name of its own for every layer and weight, without a slash'
    const received = seen.has(name) ? `${name} twice` : name
    throw new AtelierError(
      `Model ${graph.name}: expected ${expected}, received ${received}. Name the layer otherwise`,
    )
  }
}

export interface NamedWeight extends WeightSpec {
  /** `<layer>.<suffix>`, as in safetensors files. */
  readonly name: string
}

export function weightsOfNode(graph: Graph, node: GraphNode): readonly NamedWeight[] {
  const inputs = node.inputs.map((i) => (graph.nodes[i] as GraphNode).shape)
  const specs = rulesOf(node.op).weights(node.params, inputs)
  return specs.map((spec) => ({ ...spec, name: `${node.name}.${spec.suffix}` }))
}

/** All weights, trainable or not, in the order of the layers. */
export function weightsOf(graph: Graph): readonly NamedWeight[] {
  return graph.nodes.flatMap((node) => weightsOfNode(graph, node))
}

/** Numbers of parameters, of which `trainable` learn by gradient (running statistics do not). */
export function countParameters(weights: readonly WeightSpec[]): { parameters: number; trainable: number } {
  const count = (list: readonly WeightSpec[]): number =>
    list.reduce((sum, spec) => sum + sizeOf(spec.shape), 0)
  return { parameters: count(weights), trainable: count(weights.filter((spec) => spec.trainable)) }
}

export const inputShapeOf = (graph: Graph): Shape => (graph.nodes[0] as GraphNode).shape
export const classCountOf = (graph: Graph): number => (graph.nodes.at(-1) as GraphNode).shape[0] as number

const kinds = Object.keys(ops) as [OpKind, ...OpKind[]]
const storedGraph = z.strictObject({
  name: z.string(),
  nodes: z.array(
    z.strictObject({
      name: z.string(),
      op: z.enum(kinds),
      params: z.unknown(),
      inputs: z.array(z.int().nonnegative()),
    }),
  ),
})
export type StoredGraph = z.infer<typeof storedGraph>

/** The graph as run folders keep it. */
export function storeGraph(graph: Graph): StoredGraph {
  const nodes = graph.nodes.map(({ name, op, params, inputs }) => ({ name, op, params, inputs: [...inputs] }))
  return { name: graph.name, nodes }
}

/**
 * Reads a stored graph back, checking every op's parameters.
 *
 * @throws AtelierError saying what is wrong with it; the caller knows where it was stored.
 */
export function parseGraph(stored: unknown): Graph {
  const { name, nodes } = parseBy(storedGraph, stored)
  const specs = nodes.map((node, index) => {
    if (node.inputs.some((i) => i >= index)) throw new AtelierError(`${node.name} reads a later layer`)
    return { ...node, params: paramsOf(node, index) }
  })
  return resolveGraph(name, specs)
}

const paramsOf = ({ op, params }: StoredGraph['nodes'][number], index: number): unknown =>
  parseBy<unknown>(ops[op].schema, params, ['nodes', index, 'params'])
