/** The study's third model: convolutions with Batch Normalization after ReLU, and dropout. */
import {
  batchNormalization,
  conv2d,
  dense,
  dropout,
  flatten,
  input,
  maxPooling2d,
  sequential,
} from '../graph/layers.js'

export const cnn = (classes = 10) =>
  sequential(
    'cnn',
    input(28, 28, 1),
    conv2d(32, 3, { activation: 'relu' }),
    batchNormalization(),
    conv2d(32, 3, { activation: 'relu' }),
    batchNormalization(),
    dropout(0.25),
    conv2d(64, 3, { activation: 'relu' }),
    maxPooling2d(2),
    dropout(0.25),
    conv2d(128, 3, { activation: 'relu' }),
    batchNormalization(),
    dropout(0.25),
    flatten(),
    dense(512, { activation: 'relu' }),
    batchNormalization(),
    dropout(0.3),
    dense(128, { activation: 'relu' }),
    batchNormalization(),
    dropout(0.3),
    dense(classes),
  )
