/** What exported files say of themselves: the model, its classes, and where its weights come from. */

import { spokenEpochs } from '../core/format.js'
import { lengthOf } from '../runs/formats/length.js'
import type { RunMetrics } from '../runs/formats/metrics.js'
import type { RunRecord } from '../runs/formats/record.js'
import { readMetrics } from '../runs/read-metrics.js'
import type { TrainedModel } from '../runs/trained-model.js'

export type TestFigures = Pick<RunMetrics['test'], 'n' | 'accuracy' | 'loss'>

/** What the model's folder says of its test; null where it was stopped before, and of other weights than the final ones. */
export const readTestFigures = async (model: TrainedModel): Promise<TestFigures | null> =>
  model.which === 'final' ? ((await readMetrics(model))?.test ?? null) : null

/**
 * As the texts that ONNX and safetensors take. `pixels` are the mean and deviation by which pixels in [0, 1] are
 * standardized before the first layer; the temperature divides logits, so that their softmax is calibrated.
 */
export function describeModel(model: TrainedModel, test: TestFigures | null): Record<string, string> {
  const { record, temperature } = model
  return {
    model: model.name,
    classes: JSON.stringify(model.classes),
    pixels: JSON.stringify(record.recipe.pixels),
    ...(temperature === null ? {} : { temperature: String(temperature) }),
    ...(test === null ? {} : { test_accuracy_f32: String(test.accuracy) }),
    ...provenance(record),
  }
}

function provenance(record: RunRecord): Record<string, string> {
  const epochs = spokenEpochs(lengthOf(record).epochs)
  return {
    data: describeData(record),
    training: `recipe ${record.recipeName}, ${epochs} of ${record.trainImages} images`,
    seed: String(record.seed),
    trained_at: record.startedAt,
    atelier: record.machine.atelier,
    ...(record.revision === null ? {} : { revision: record.revision }),
  }
}

export const describeData = ({ data }: RunRecord): string =>
  data.official ? 'Fashion-MNIST, the official files' : 'other files than the official Fashion-MNIST'
