/** The models by name, and what the study published of its own. */
import type { Graph } from '../graph/graph.js'
import { cnn } from './cnn.js'
import { dnn } from './dnn.js'
import { isStudyName, type ModelName, type StudyName } from './names.js'
import { nn } from './nn.js'
import { resnet50 } from './resnet50.js'

export {
  isModelName,
  isStudyName,
  type ModelName,
  modelNames,
  type StudyName,
  studyNames,
} from './names.js'

export interface ModelEntry {
  readonly title: string
  /** The last layer has a logit for each class, ten unless told. */
  readonly build: (classes?: number) => Graph
  /** How many seeds a mean is meant to be of: fewer of the models that take longer. */
  readonly seeds: number
}

export const models: Readonly<Record<ModelName, ModelEntry>> = {
  nn: { title: 'one hidden layer', build: nn, seeds: 5 },
  dnn: { title: 'three hidden layers, Batch Normalization', build: dnn, seeds: 5 },
  cnn: { title: 'convolutions, Dropout, Batch Normalization, augmentation', build: cnn, seeds: 3 },
  resnet50: { title: 'ResNet50', build: resnet50, seeds: 2 },
}

export interface Published {
  /** Shares of images classified rightly, in [0, 1]. */
  readonly trainAccuracy: number
  /** Of the one model for which images were held out. */
  readonly validationAccuracy?: number
  readonly testAccuracy: number
  readonly epochs: number
}

export const publishedFigures: Readonly<Record<StudyName, Published>> = {
  nn: { trainAccuracy: 0.9329, testAccuracy: 0.8893, epochs: 20 },
  dnn: { trainAccuracy: 0.9707, testAccuracy: 0.8956, epochs: 50 },
  cnn: { trainAccuracy: 0.9776, validationAccuracy: 0.9449, testAccuracy: 0.9472, epochs: 500 },
  resnet50: { trainAccuracy: 0.9904, testAccuracy: 0.9261, epochs: 800 },
}

/** Null for a model that the study does not have. */
export const publishedOf = (name: string): Published | null =>
  isStudyName(name) ? publishedFigures[name] : null
