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

export function initializeWeights(graph: Graph, seed: number): Map<string, Float32Array> {
  return new Map(weightsOf(graph).map((spec) => [spec.name, firstValues(spec, seed)]))
}
