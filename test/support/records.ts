/** Records of runs that never were, for what is made of records. */

import { FASHION_CLASSES } from '../../src/data/classes.js'
import { OFFICIAL_CHECKSUMS } from '../../src/data/files.js'
import { storeGraph } from '../../src/graph/graph.js'
import { cnn } from '../../src/models/cnn.js'
import { namedRecipe } from '../../src/recipes/index.js'
import type { Recipe } from '../../src/recipes/recipe.js'
import { isHeldOutRun, placeOf } from '../../src/results/files.js'
import type { ResultRecord } from '../../src/results/record.js'
import type { RunRecord } from '../../src/runs/formats/record.js'

/** cnn by the published recipe in 40 of its epochs, unless told otherwise. */
export function runRecord(changes: Partial<RunRecord> = {}, recipe: Partial<Recipe> = {}): RunRecord {
  return {
    format: 1,
    model: 'cnn',
    source: null,
    recipeName: 'published',
    recipe: { ...namedRecipe('published', 'cnn'), epochs: 40, ...recipe },
    settings: ['epochs=40'],
    seed: 1,
    limit: null,
    limitBy: 'seed',
    limitBatches: null,
    maxSteps: null,
    overfitBatches: null,
    trainImages: 48000,
    heldOutImages: 12000,
    teacherWeights: null,
    precision: 'f32',
    engine: { name: 'native', description: 'oneDNN 2.6.3, AVX-512 with bf16, 2 threads', threads: 2 },
    data: {
      directory: 'Fashion-MNIST',
      official: true,
      checksums: { ...OFFICIAL_CHECKSUMS },
      classes: [...FASHION_CLASSES],
    },
    machine: { atelier: '0.1.0', node: '20.20.2', platform: 'linux x64', cpu: 'AMD EPYC' },
    revision: '0123456789abcdef0123456789abcdef01234567',
    command: 'atelier train cnn --recipe published --epochs 40',
    startedAt: '2026-01-01T00:00:00.000Z',
    graph: storeGraph(cnn()),
    ...changes,
  }
}

/** A record with so many test images right, and the logits of two images of two classes. */
export function resultRecord(
  correct: number,
  run: RunRecord = runRecord(),
  heldOutAccuracy: number | null = null,
  logits: Float32Array = Float32Array.of(1, 0, 0, 1),
): ResultRecord {
  const training = { epochs: run.recipe.epochs, seconds: 600, accuracy: 0.95 }
  return {
    place: placeOf(run),
    run,
    metrics: { training, test: { n: 10_000, correct, loss: 0.25 } },
    testLogits: { logits, labels: Uint8Array.of(0, 1), count: 2 },
    heldOut: isHeldOutRun(run),
    heldOutAccuracy,
  }
}
