/** Weights as they are released: in half precision, but for Batch Normalization. */
import { floatsToHalves, halvesToFloats } from '../checkpoint/half.js'
import type { StoredTensor } from '../checkpoint/safetensors.js'
import { AtelierError, messageOf, mismatch } from '../core/errors.js'
import type { Values } from '../engine/engine.js'
import { type Graph, weightsOf, weightsOfNode } from '../graph/graph.js'

/**
 * Rounds a graph's weights to f16. Those of Batch Normalization stay f32: they are few, and small variances would
 * lose what the division by their root needs.
 *
 * @throws AtelierError for a weight that overflows f16.
 */
export function halveWeights(graph: Graph, values: ReadonlyMap<string, Values>): Map<string, StoredTensor> {
  const normalizations = graph.nodes.filter((node) => node.op === 'batchNormalization')
  const whole = new Set(normalizations.flatMap((node) => weightsOfNode(graph, node)).map(({ name }) => name))
  return new Map(
    weightsOf(graph).map(({ name, shape }) => {
      const data = values.get(name) as Float32Array
      return [name, whole.has(name) ? { shape, data } : { shape, data: roundToHalf(name, data), as: 'F16' }]
    }),
  )
}

/** The values that are left after f16, in f32. */
export function roundToHalf(name: string, data: Float32Array): Float32Array {
  try {
    return halvesToFloats(floatsToHalves(data))
  } catch (error) {
    throw new AtelierError(mismatch(name, 'values that fit into f16', messageOf(error)))
  }
}
