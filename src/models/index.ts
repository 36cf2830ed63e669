/** The models by name, with what the study published of them. */
import type { Graph } from '../graph/graph.js'
import { cnn } from './cnn.js'
import { dnn } from './dnn.js'
import type { ModelName } from './names.js'
import { nn } from './nn.js'
import { resnet50 } from './resnet50.js'

export { isModelName, type ModelName, modelNames } from './names.js'

export interface Published {
  /** Shares of images classified rightly, in [0, 1]. */
  readonly trainAccuracy: number
  /** Of the one model for which images were held out. */
  readonly validationAccuracy?: number
  readonly testAccuracy: number
  readonly epochs: number
}

export interface ModelEntry {
  readonly title: string
  readonly build: () => Graph
  readonly published: Published
}

export const models = {
  nn: {
    title: 'one hidden layer',
    build: nn,
    published: { trainAccuracy: 0.9329, testAccuracy: 0.8893, epochs: 20 },
  },
  dnn: {
    title: 'three hidden layers, Batch Normalization',
    build: dnn,
    published: { trainAccuracy: 0.9707, testAccuracy: 0.8956, epochs: 50 },
  },
  cnn: {
    title: 'convolutions, Dropout, Batch Normalization, augmentation',
    build: cnn,
    published: { trainAccuracy: 0.9776, validationAccuracy: 0.9449, testAccuracy: 0.9472, epochs: 500 },
  },
  resnet50: {
    title: 'ResNet50',
    build: resnet50,
    published: { trainAccuracy: 0.9904, testAccuracy: 0.9261, epochs: 800 },
  },
} as const satisfies Record<ModelName, ModelEntry>
