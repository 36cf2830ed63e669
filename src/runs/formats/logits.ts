/** A file of logits: the tensors `logits` [count, classes], in f32 or f16, and `labels` [count], one byte each. */
import type { SafetensorsFile, StoredTensor } from '../../checkpoint/safetensors.js'
import { AtelierError, mismatch } from '../../core/errors.js'

/** What a model makes of images whose classes are known. */
export interface LabelledLogits {
  /** [count, classes]. */
  readonly logits: Float32Array
  readonly labels: Uint8Array
  readonly count: number
}

/** @param as - f16 rounds the logits. */
export function logitTensors(
  { logits, labels, count }: LabelledLogits,
  as: 'f32' | 'f16',
): Map<string, StoredTensor> {
  const stored = { shape: [count, logits.length / count], data: logits }
  return new Map<string, StoredTensor>([
    ['logits', as === 'f16' ? { ...stored, as: 'F16' } : stored],
    ['labels', { shape: [count], data: Uint8Array.from(labels) }],
  ])
}

/** @throws AtelierError for a file that holds something else. */
export function parseLogits(
  file: string,
  { tensors }: Pick<SafetensorsFile, 'tensors'>,
  classes: number,
): LabelledLogits {
  const [logits, labels] = [tensors.get('logits')?.data, tensors.get('labels')?.data]
  if (!(logits instanceof Float32Array && labels instanceof Uint8Array)) {
    throw new AtelierError(mismatch(file, 'the tensors logits and labels', [...tensors.keys()].join(', ')))
  }
  if (logits.length !== labels.length * classes) {
    const expected = `${classes} logits for each of ${labels.length} labels`
    throw new AtelierError(mismatch(file, expected, `${logits.length} logits`))
  }
  return { logits, labels, count: labels.length }
}
