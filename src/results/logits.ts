/** Logits as records keep them: rounded to f16, with their labels. */

import { createHash } from 'node:crypto'
import { writeSafetensors } from '../checkpoint/safetensors.js'
import { AtelierError, mismatch } from '../core/errors.js'
import { rowOf } from '../core/logits.js'
import { OFFICIAL_CHECKSUMS } from '../data/files.js'
import { type HeldOutLogits, readHeldOutLogits } from '../runs/trained-model.js'

/** Writes logits [n, classes] in f16 and labels [n]. */
export async function writeLogits(file: string, { logits, labels, count }: HeldOutLogits): Promise<void> {
  const tensors = new Map([
    ['logits', { shape: [count, logits.length / count], data: logits, as: 'F16' as const }],
    ['labels', { shape: [count], data: Uint8Array.from(labels) }],
  ])
  await writeSafetensors(file, tensors)
}

/**
 * Reads logits of the test images of Fashion-MNIST.
 *
 * @throws AtelierError where they are missing, or their labels are not the official ones.
 */
export async function readTestLogits(file: string, classes: number): Promise<HeldOutLogits> {
  const read = await readHeldOutLogits(file, classes)
  if (read === null) throw new AtelierError(mismatch(file, 'the logits of the test images', 'no such file'))
  if (labelsChecksum(read.labels) !== OFFICIAL_CHECKSUMS['t10k-labels-idx1-ubyte']) {
    throw new AtelierError(mismatch(`${file}, labels`, 'those of the official test images', 'others'))
  }
  return read
}

/** The SHA-256 of the IDX file that labels would lie in: its header, and a byte for each. */
function labelsChecksum(labels: Uint8Array): string {
  const header = Buffer.from([0, 0, 8, 1, 0, 0, 0, 0])
  header.writeUInt32BE(labels.length, 4)
  return createHash('sha256').update(header).update(labels).digest('hex')
}

/**
 * How many images logits can have classified rightly before they were rounded. Rounding keeps their order or makes
 * them equal: only where the largest logit is shared by the label's class and another is the answer unknown.
 */
export function correctBeforeRounding({ logits, labels, count }: HeldOutLogits): {
  least: number
  most: number
} {
  const classes = logits.length / count
  let [least, most] = [0, 0]
  labels.forEach((label, image) => {
    const row = rowOf(logits, image, classes)
    const highest = row.reduce((a, b) => Math.max(a, b))
    if (row[label] !== highest) return
    most++
    if (row.filter((logit) => logit === highest).length === 1) least++
  })
  return { least, most }
}
