/** Logits as records keep them: rounded to f16, with their labels. */

import { createHash } from 'node:crypto'
import { AtelierError, mismatch } from '../core/errors.js'
import { rowOf } from '../core/logits.js'
import { OFFICIAL_CHECKSUMS } from '../data/files.js'
import type { LabelledLogits } from '../runs/formats/logits.js'
import { readLogits } from '../runs/logits-file.js'

/**
 * Reads logits of the test images of Fashion-MNIST.
 *
 * @throws AtelierError where they are missing, or their labels are not the official ones.
 */
export async function readTestLogits(file: string, classes: number): Promise<LabelledLogits> {
  const read = await readLogits(file, classes)
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
export function correctBeforeRounding({ logits, labels, count }: LabelledLogits): {
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
