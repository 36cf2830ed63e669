/** The study's own protocol, to the letter, and always in f32. */
import type { StudyName } from '../models/index.js'
import { kerasAdam } from './base.js'
import type { Recipe } from './recipe.js'

const study = {
  precision: 'f32',
  holdOut: 0,
  pixels: { mean: 0, deviation: 1 },
  optimizer: kerasAdam,
  schedule: { kind: 'constant', learningRate: 1e-3, warmup: 0, final: 1, restart: 0 },
  smoothing: 0,
  dropout: null,
  zeroInitResidual: false,
  teacher: null,
  average: 0,
  reestimate: 0,
  augmentation: null,
  classWeights: null,
  earlyStopping: null,
} as const satisfies Partial<Recipe>

/** ImageDataGenerator(rotation_range=8, zoom_range=0.1, shear_range=0.3, shifts 0.08, vertical_flip=True). */
const augmentation = {
  affine: { rotation: 8, zoom: [0.9, 1.1], shear: 0.3, shift: 0.08 },
  translate: 0,
  translateUntil: 1,
  horizontalFlip: 'none',
  verticalFlip: 0.5,
  erase: null,
  paste: null,
} as const

export const published: Readonly<Record<StudyName, Recipe>> = {
  nn: { ...study, epochs: 20, batch: 32 },
  dnn: { ...study, epochs: 50, batch: 32 },
  cnn: { ...study, epochs: 500, batch: 128, holdOut: 0.2, augmentation },
  resnet50: { ...study, epochs: 800, batch: 128, augmentation },
}
