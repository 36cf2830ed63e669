/** The study's first model: one hidden layer. */
import { dense, flatten, input, sequential } from '../graph/layers.js'

export const nn = (classes = 10) =>
  sequential('nn', input(28, 28, 1), flatten(), dense(128, { activation: 'relu' }), dense(classes))
