/**
 * A model of your own: a file that exports a list of layers. Try it, then change it:
 *
 *     atelier summary examples/tiny.ts
 *     atelier train examples/tiny.ts --epochs 3
 */
import { batchNormalization, conv2d, dense, flatten, input, maxPooling2d, sequential } from 'atelier'

export default sequential(
  'tiny',
  input(28, 28, 1),
  conv2d(8, 3, { activation: 'relu' }),
  maxPooling2d(2),
  conv2d(16, 3, { activation: 'relu' }),
  maxPooling2d(2),
  batchNormalization(),
  flatten(),
  dense(16, { activation: 'relu' }),
  dense(10),
)
