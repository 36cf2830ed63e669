/** What models make of the test images: computed once, on the engine for what takes long and in its turn. */

import { AtelierError } from '../../core/errors.js'
import { Memo } from '../../core/memo.js'
import { type Dataset, identityOf } from '../../data/dataset.js'
import { evaluatePredictions, type RunEvaluation } from '../../evaluate/evaluate.js'
import { predictionsOf } from '../../evaluate/predictions.js'
import { scoreImages } from '../../evaluate/scored-images.js'
import type { LabelledLogits } from '../../runs/formats/logits.js'
import { readMetrics } from '../../runs/read-metrics.js'
import type { TrainedModel } from '../../runs/trained-model.js'
import { checkFit } from '../../train/prepare.js'
import type { DataSource } from '../data-source.js'
import type { Engines } from '../engines.js'
import type { OneByOne } from '../one-by-one.js'
import type { ScoredImage } from '../schemas/models.js'
import type { ListedModel } from './catalog.js'

export class Scores {
  private readonly predictions = new Memo<LabelledLogits>()
  private readonly images = new Memo<readonly ScoredImage[]>()

  constructor(
    private readonly data: DataSource,
    private readonly engines: Engines,
    private readonly computations: OneByOne,
  ) {}

  /** That of the model's own metrics, unless the test images that the server shows are others and fit it too. */
  async evaluation({ id, model, version }: ListedModel): Promise<RunEvaluation> {
    const metrics = await readMetrics(model)
    const stored = model.which === 'final' ? metrics?.test : undefined
    if (stored !== undefined && !(await this.showsOthers(model))) return stored
    const predictions = await this.predict({ id, model, version })
    const { classes } = await this.data.get()
    return evaluatePredictions(predictions, classes, model.calibration)
  }

  /** The test images, the ones that the model is surest of first. */
  scored(listed: ListedModel): Promise<readonly ScoredImage[]> {
    const { id, version, model } = listed
    return this.images.get(id, version, async () => {
      const images = scoreImages(await this.predict(listed), model.temperature)
      return images.toSorted((a, b) => b.confidence - a.confidence || a.index - b.index)
    })
  }

  private async showsOthers({ graph, record }: TrainedModel): Promise<boolean> {
    const dataset = await this.data.present()
    if (dataset === null || !fits(graph, dataset)) return false
    return identityOf(dataset.checksums) !== identityOf(record.data.checksums)
  }

  private predict({ id, model, version }: ListedModel): Promise<LabelledLogits> {
    const compute = async () => {
      const [dataset, engine] = await Promise.all([this.data.get(), this.engines.scoring()])
      return predictionsOf(model, 'test', { dataset, engine })
    }
    return this.predictions.get(id, version, () => this.computations.run(compute))
  }
}

function fits(graph: TrainedModel['graph'], dataset: Dataset): boolean {
  try {
    checkFit(graph, dataset)
    return true
  } catch (error) {
    if (error instanceof AtelierError) return false
    throw error
  }
}
