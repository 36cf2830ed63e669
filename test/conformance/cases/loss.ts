import { type Case, result, state } from '../case.js'
import { uniform } from '../values.js'

export function lossCase(n: number, classes: number, smoothing: number, spread: number): Case {
  const shape = [n, classes]
  const title = `softmax cross-entropy ${n}x${classes}, smoothing ${smoothing}, logits up to ${spread}`
  return {
    title,
    // Logits are f32 even where activations are bf16.
    operands: { logits: state(shape, uniform(title, shape, -spread, spread)) },
    inputs: {
      labels: {
        shape: [n],
        dtype: 'u8',
        values: Uint8Array.from({ length: n }, (_, i) => (i * 7) % classes),
      },
    },
    results: { metrics: result([2], 'f32'), diffLogits: result(shape) },
    forward: (find) => [
      {
        kind: 'softmaxCrossEntropy',
        logits: find('logits'),
        labels: find('labels'),
        metrics: find('metrics'),
        diffLogits: find('diffLogits'),
        smoothing,
      },
    ],
    gradients: { diffLogits: 'logits' },
    // The metrics hold the sum of the losses, the gradient is that of their mean.
    objective: { of: 'metrics', value: ([sum = 0]) => sum / n },
  }
}

export const lossCases: readonly Case[] = [
  lossCase(5, 10, 0, 3),
  lossCase(32, 10, 0.1, 3),
  lossCase(1, 3, 0, 1),
  lossCase(7, 17, 0.2, 2),
  lossCase(4, 10, 0, 80),
]
