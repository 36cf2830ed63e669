import { type Case, result, state } from '../case.js'
import { uniform } from '../values.js'

interface LossCase {
  /** Of the target by a teacher. */
  readonly share?: number
  readonly weights?: readonly number[] | undefined
}

export function lossCase(
  n: number,
  classes: number,
  smoothing: number,
  spread: number,
  { share = 0, weights }: LossCase = {},
): Case {
  const shape = [n, classes]
  const taught = share > 0 ? `, ${share} by a teacher` : ''
  const weighted = weights ? `, weights ${weights.join(' ')}` : ''
  const title = `softmax cross-entropy ${n}x${classes}, smoothing ${smoothing}, logits up to ${spread}${taught}${weighted}`
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
      ...(share > 0 && { targets: { shape, dtype: 'f32', values: probabilities(title, n, classes) } }),
      ...(weights && { exampleWeights: { shape: [n], dtype: 'f32', values: Float32Array.from(weights) } }),
    },
    results: { metrics: result([2], 'f32'), diffLogits: result(shape) },
    forward: (find) => [
      {
        kind: 'softmaxCrossEntropy',
        logits: find('logits'),
        labels: find('labels'),
        targets: share > 0 ? find('targets') : null,
        exampleWeights: weights ? find('exampleWeights') : null,
        metrics: find('metrics'),
        diffLogits: find('diffLogits'),
        smoothing,
        share,
      },
    ],
    gradients: { diffLogits: 'logits' },
    // The metrics hold n times the mean of the losses, the gradient is that of their mean.
    objective: { of: 'metrics', value: ([sum = 0]) => sum / n },
  }
}

/** Rows that sum to 1. */
function probabilities(title: string, n: number, classes: number): Float32Array {
  const values = Float32Array.from(uniform(`${title}, targets`, [n, classes], 0, 1))
  for (let start = 0; start < values.length; start += classes) {
    const row = values.subarray(start, start + classes)
    const total = row.reduce((a, b) => a + b)
    row.forEach((value, c) => {
      row[c] = value / total
    })
  }
  return values
}

export const lossCases: readonly Case[] = [
  lossCase(5, 10, 0, 3),
  lossCase(32, 10, 0.1, 3),
  lossCase(1, 3, 0, 1),
  lossCase(7, 17, 0.2, 2),
  lossCase(4, 10, 0, 80),
  lossCase(6, 10, 0.1, 3, { share: 0.7 }),
  lossCase(3, 5, 0, 2, { share: 1 }),
  lossCase(5, 10, 0, 3, { weights: [1, 0.25, 3, 0, 2] }),
  lossCase(4, 3, 0.1, 2, { share: 0.5, weights: [0.5, 2, 2, 10] }),
  lossCase(2, 3, 0, 2, { weights: [0, 0] }),
]
