/**
 * Confident learning (C. Northcutt, L. Jiang, I. Chuang, "Confident Learning: Estimating Uncertainty in Dataset
 * Labels", arXiv 1911.00068): how many labels are wrong, and which look it, from the probabilities p(class | image)
 * of models that did not learn from the image.
 */
import { rowOf } from '../core/logits.js'

export interface SuspiciousLabel {
  /** In its split. */
  readonly index: number
  readonly label: number
  /** The class that looks right instead. */
  readonly suggested: number
  /** Probabilities of the label (its self-confidence) and of the suggested class. */
  readonly selfConfidence: number
  readonly suggestedConfidence: number
  /** (p(label) - highest other p + 1) / 2, in [0, 1]: the lower, the likelier is the label wrong. */
  readonly margin: number
}

export interface LabelAudit {
  readonly images: number
  /** For each class the mean self-confidence of its images: above it, an image is confidently of the class. */
  readonly thresholds: readonly number[]
  /** Estimated numbers of images by label (row) and true class (column); they sum to the number of images. */
  readonly joint: readonly (readonly number[])[]
  /** The joint's sum off its diagonal. */
  readonly estimatedErrors: number
  /** Images that are confidently of another class than their label, the likeliest errors first. */
  readonly suspects: readonly SuspiciousLabel[]
}

/** Audits labels by probabilities [count, classes]. */
export function auditLabels(probabilities: Float32Array, labels: Uint8Array, classes: number): LabelAudit {
  const ofImage = (index: number): Float32Array => rowOf(probabilities, index, classes)
  const thresholds = selfConfidences(ofImage, labels, classes)
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  const suspects: SuspiciousLabel[] = []
  labels.forEach((label, index) => {
    const row = ofImage(index)
    const confident = confidentClass(row, thresholds)
    if (confident === null) return
    const counted = counts[label] as number[]
    counted[confident] = (counted[confident] as number) + 1
    if (confident !== label) suspects.push(suspicious(index, label, confident, row))
  })
  suspects.sort((a, b) => a.margin - b.margin || a.selfConfidence - b.selfConfidence || a.index - b.index)
  const joint = calibrate(counts, labels)
  const estimatedErrors = joint.reduce((sum, row, label) => sum + total(row) - (row[label] as number), 0)
  return { images: labels.length, thresholds, joint, estimatedErrors, suspects }
}

/** A class without images can have no confident ones: its threshold is out of reach. */
function selfConfidences(
  ofImage: (index: number) => Float32Array,
  labels: Uint8Array,
  classes: number,
): number[] {
  const [sums, counts] = [new Array<number>(classes).fill(0), new Array<number>(classes).fill(0)]
  labels.forEach((label, index) => {
    sums[label] = (sums[label] as number) + (ofImage(index)[label] as number)
    counts[label] = (counts[label] as number) + 1
  })
  return sums.map((sum, label) =>
    counts[label] === 0 ? Number.POSITIVE_INFINITY : sum / (counts[label] as number),
  )
}

/** The likeliest of the classes whose thresholds the image reaches, if it reaches any. */
function confidentClass(row: Float32Array, thresholds: readonly number[]): number | null {
  let best: number | null = null
  thresholds.forEach((threshold, label) => {
    const probability = row[label] as number
    if (probability >= threshold && (best === null || probability > (row[best] as number))) best = label
  })
  return best
}

function suspicious(index: number, label: number, suggested: number, row: Float32Array): SuspiciousLabel {
  const selfConfidence = row[label] as number
  const others = row.filter((_, other) => other !== label)
  const margin = (selfConfidence - Math.max(...others) + 1) / 2
  return { index, label, suggested, selfConfidence, suggestedConfidence: row[suggested] as number, margin }
}

/** Each label's confident counts, scaled to the number of images with that label. */
function calibrate(counts: readonly (readonly number[])[], labels: Uint8Array): number[][] {
  const images = new Array<number>(counts.length).fill(0)
  for (const label of labels) images[label] = (images[label] as number) + 1
  return counts.map((row, label) => {
    const confident = total(row)
    const wanted = images[label] as number
    // Of a label without a confident image nothing is known, so it is taken for right.
    if (confident === 0) return row.map((_, other) => (other === label ? wanted : 0))
    return row.map((count) => (count * wanted) / confident)
  })
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
