/** First values of a model's weights, from the seed: the same whatever the engine. */
import { keyOf, Random } from '../core/random.js'
import { sizeOf } from '../core/shape.js'
import { type Graph, type NamedWeight, weightsOf } from '../graph/graph.js'

function firstValues({ name, shape, initializer }: NamedWeight, seed: number): Float32Array {
  const values = new Float32Array(sizeOf(shape))
  if (initializer.kind === 'constant') return values.fill(initializer.value)
  const limit = Math.sqrt(6 / (initializer.fanIn + initializer.fanOut))
  const random = new Random(keyOf(seed, 'initialize', name))
  for (let i = 0; i < values.length; i++) values[i] = random.between(-limit, limit)
  return values
}

/** The scales of Batch Normalization at the end of residual branches: what an addition takes first. */
function residualScales({ nodes }: Graph): ReadonlySet<string> {
  const ends = nodes.filter(({ op }) => op === 'add').map(({ inputs }) => nodes[inputs[0] as number])
  return new Set(ends.flatMap((node) => (node?.op === 'batchNormalization' ? [`${node.name}.gamma`] : [])))
}

export interface Initialization {
  /** The recipe's `zeroInitResidual`. */
  zeroInitResidual?: boolean
}

export function initializeWeights(
  graph: Graph,
  seed: number,
  { zeroInitResidual = false }: Initialization = {},
): Map<string, Float32Array> {
  const zero = zeroInitResidual ? residualScales(graph) : new Set<string>()
  const initial = (weight: NamedWeight): Float32Array =>
    zero.has(weight.name) ? new Float32Array(sizeOf(weight.shape)) : firstValues(weight, seed)
  return new Map(weightsOf(graph).map((weight) => [weight.name, initial(weight)]))
}
