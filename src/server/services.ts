/** What the endpoints work with. */

import type { EngineRequest } from '../engine/choose.js'
import type { WhichWeights } from '../runs/which-weights.js'
import { DataSource } from './data-source.js'
import { Engines } from './engines.js'
import { Explainers } from './explainers.js'
import { Metrics } from './metrics.js'
import { Catalog, type Places } from './models/catalog.js'
import { ModelPool } from './models/pool.js'
import { Scores } from './models/scores.js'
import { OneByOne } from './one-by-one.js'
import { Photos } from './photos/photos.js'
import { Queue } from './queue.js'
import { Trainings } from './trainings/trainings.js'

export interface ServiceOptions extends EngineRequest {
  readonly places: Places
  /** Which of the runs'; runs without a best epoch are asked by their final ones. */
  readonly weights?: WhichWeights
  /** Folder of the data set; undefined: searched for. */
  readonly data: string | undefined
  /** The command line that trainings are started with, without its arguments. */
  readonly commandLine: readonly string[]
}

/** Images that may wait for a model, explanations, and what else takes long: scores, maps, files and reports. */
const limits = { images: 4096, explanations: 32, computations: 16 }

export interface Services {
  readonly catalog: Catalog
  /** What takes long and is no prediction: one after another, so that the processor is left to those. */
  readonly computations: OneByOne
  readonly data: DataSource
  readonly engines: Engines
  readonly explainers: Explainers
  readonly metrics: Metrics
  readonly photos: Photos
  readonly pool: ModelPool
  readonly scores: Scores
  readonly trainings: Trainings
}

export function createServices({
  places,
  weights,
  data: folder,
  commandLine,
  ...request
}: ServiceOptions): Services {
  const catalog = new Catalog(places, weights)
  const data = new DataSource(folder)
  const engines = new Engines(request)
  const computations = new OneByOne(new Queue(limits.computations, 'computations that wait'))
  const metrics = new Metrics()
  const queue = new Queue(limits.images, 'images that wait')
  const trainings = new Trainings({ catalog, commandLine, data: folder, ...request })
  metrics.gauge('atelier_images_waiting', 'Images that wait for a model.', () => queue.length)
  metrics.gauge('atelier_trainings_waiting', 'Trainings that wait for their turn.', () => trainings.waiting)
  return {
    catalog,
    computations,
    data,
    engines,
    explainers: new Explainers(
      engines,
      new OneByOne(new Queue(limits.explanations, 'explanations that wait')),
    ),
    metrics,
    photos: new Photos(),
    pool: new ModelPool(catalog, engines, queue, metrics),
    scores: new Scores(data, engines, computations),
    trainings,
  }
}
