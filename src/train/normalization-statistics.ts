/** Batch Normalization's statistics, taken again from images. */
import { sizeOf } from '../core/shape.js'
import type { Program } from '../engine/engine.js'
import { Hyper } from '../graph/steps.js'
import { tensorOf } from '../plan/plan.js'

/**
 * Sets the running statistics to the mean over the batches of images, pixels 0 ... 255, by a program of
 * `buildStatisticsPlan`. What is left over at the end of the images fills no batch and is not looked at.
 * Returns the number of images that were.
 */
export async function estimateStatistics(program: Program, images: Uint8Array): Promise<number> {
  const { plan } = program
  const size = sizeOf(tensorOf(plan, plan.inputs.images as number).shape)
  const steps = Math.floor(images.length / size)
  if (steps === 0) return 0
  const hyper = new Float32Array(steps * Hyper.size)
  for (let k = 0; k < steps; k++) hyper[k * Hyper.size + Hyper.statistics] = 1 / (k + 1)
  await program.run(steps, { images: images.subarray(0, steps * size), hyper }, {})
  return steps * plan.batch
}
