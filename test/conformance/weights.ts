/** Weights of whole models for tests. */
import { keyOf, Random } from '../../src/core/random.js'
import { type Graph, weightsOf } from '../../src/graph/graph.js'
import { initializeWeights } from '../../src/train/initialize.js'

/** Glorot kernels, and everything that starts constant moved by up to a half. */
export function randomWeights(graph: Graph): Map<string, Float32Array> {
  const weights = initializeWeights(graph, 1)
  for (const { name, initializer } of weightsOf(graph)) {
    const random = new Random(keyOf(3, name))
    const values = weights.get(name)
    if (initializer.kind === 'constant' && values) {
      values.forEach((value, i) => {
        values[i] = value + random.between(-0.5, 0.5)
      })
    }
  }
  return weights
}
