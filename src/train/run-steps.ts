/** Runs the steps of one chunk: what every training does between getting images and looking at the loss. */
import { keyOf } from '../core/random.js'
import type { Chunk } from '../data/batches.js'
import { weightsByLabel } from './class-weights.js'
import type { TrainingPrograms } from './programs.js'

export interface ChunkResult {
  /** For each step the mean loss of its images, which is weighted where the classes are, times their number. */
  readonly losses: Float32Array
  /** Images of all steps whose class was found. */
  readonly correct: number
  readonly images: number
  readonly seconds: number
}

/**
 * @param hyper - A row for each step.
 * @param first - The chunk's first step, counted over the whole training.
 */
export async function runSteps(
  programs: TrainingPrograms,
  { images, labels, steps, batch }: Pick<Chunk, 'images' | 'labels' | 'steps' | 'batch'>,
  hyper: Float32Array,
  { seed, first }: { readonly seed: number; readonly first: number },
): Promise<ChunkResult> {
  const metrics = new Float32Array(2 * steps)
  const key = programs.needsKey ? { key: dropoutKeys(seed, first, steps) } : {}
  const { classWeights } = programs
  const weighted = classWeights && { exampleWeights: weightsByLabel(labels, classWeights) }
  const program = await programs.forBatch(batch)
  const start = performance.now()
  const taught = programs.teacher && { targets: await programs.teacher.targets(images, steps * batch) }
  await program.run(steps, { images, labels, hyper, ...key, ...taught, ...weighted }, { metrics })
  const seconds = (performance.now() - start) / 1000
  const losses = metrics.filter((_, i) => i % 2 === 0)
  const correct = metrics.reduce((sum, value, i) => (i % 2 === 1 ? sum + value : sum), 0)
  return { losses, correct, images: steps * batch, seconds }
}

/** One for each step of the whole training. */
function dropoutKeys(seed: number, first: number, steps: number): Uint32Array {
  const keys = new Uint32Array(2 * steps)
  for (let i = 0; i < steps; i++) keys.set(keyOf(seed, 'dropout', first + i), 2 * i)
  return keys
}
