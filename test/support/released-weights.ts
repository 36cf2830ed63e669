/** Released weights without a release: a run's own, as if they had been released. */
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeSafetensors } from '../../src/checkpoint/safetensors.js'
import { writeFileAtomically } from '../../src/core/files.js'
import { classCountOf } from '../../src/graph/graph.js'
import { pixelScaling } from '../../src/recipes/recipe.js'
import { releaseFiles } from '../../src/runs/released-weights.js'
import { pathIn, type RunFolder } from '../../src/runs/run-folder.js'

/** Fills a folder from a finished run, with logits of four held-out images and a temperature of 1.5. */
export async function releasedWeights(directory: string, run: RunFolder): Promise<void> {
  const { graph, ...training } = run.record
  const config = {
    format: 1,
    model: run.record.model,
    classes: run.record.data.classes,
    pixels: pixelScaling(run.record.recipe),
    training,
    heldOut: { seed: 1, trainImages: 45, heldOutImages: 15, revision: null },
    graph,
  }
  const write = (file: keyof typeof releaseFiles, value: unknown): Promise<void> =>
    writeFileAtomically(join(directory, releaseFiles[file]), JSON.stringify(value))
  await write('config', config)
  await write('metrics', { calibration: { temperature: 1.5, fittedOn: '4 held-out images' } })
  await copyFile(pathIn(run, 'model'), join(directory, releaseFiles.weights))
  const classes = classCountOf(run.graph)
  const logits = Float32Array.from({ length: 4 * classes }, (_, i) => i / 2)
  const heldOut = new Map([
    ['logits', { shape: [4, classes], data: logits, as: 'F16' as const }],
    ['labels', { shape: [4], data: Uint8Array.of(0, 1, 2, 0) }],
  ])
  await writeSafetensors(join(directory, releaseFiles.heldOut), heldOut)
}
