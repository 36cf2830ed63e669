/** The study's second model: three hidden layers, two of their inputs batch-normalized. */
import { batchNormalization, dense, flatten, input, sequential } from '../graph/layers.js'

export const dnn = (classes = 10) =>
  sequential(
    'dnn',
    input(28, 28, 1),
    flatten(),
    batchNormalization(),
    dense(256, { activation: 'relu' }),
    batchNormalization(),
    dense(192, { activation: 'relu' }),
    dense(128, { activation: 'relu' }),
    dense(classes),
  )
