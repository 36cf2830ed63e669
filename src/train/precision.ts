/** What activations are kept in. */
import { AtelierError, mismatch } from '../core/errors.js'
import type { Engine } from '../engine/engine.js'
import type { Graph } from '../graph/graph.js'
import type { Recipe } from '../recipes/recipe.js'

/** bf16 needs a processor that has it, and a last layer whose step can give f32 logits. */
export function resolvePrecision(
  { precision }: Pick<Recipe, 'precision'>,
  graph: Graph,
  engine: Pick<Engine, 'bf16' | 'description'>,
): 'f32' | 'bf16' {
  const last = graph.nodes.at(-1)
  const possible = engine.bf16 && last?.op === 'dense'
  if (precision === 'bf16' && !possible) {
    const received = engine.bf16 ? `a model that ends in ${last?.op}` : engine.description
    const expected =
      'the native engine on a processor with AVX-512 bf16, and a model that ends in a dense layer'
    throw new AtelierError(mismatch('--precision bf16', expected, received, 'Use --precision f32'))
  }
  return precision === 'auto' ? (possible ? 'bf16' : 'f32') : precision
}
