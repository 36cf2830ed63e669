/** An audit in plain lines, and as plain data for programs. */
import { type Column, formatCount, formatDuration, formatPercent, formatTable } from '../core/format.js'
import type { Dataset } from '../data/dataset.js'
import type { Audit } from './audit.js'
import type { SuspiciousLabel } from './confident-learning.js'
import { type Pair, type Place, pairKinds } from './duplicates.js'

/** Rows of each list on the terminal. */
const ROWS = 10

export const splitNames = { train: 'training', test: 'test' } as const
export const pairTitles = {
  'train-test': 'a training and a test image',
  train: 'two training images',
  test: 'two test images',
} as const

export function formatAudit(audit: Audit, dataset: Dataset): string {
  const { labels, duplicates, seconds } = audit
  const parts = [
    formatClasses(audit, dataset.classes),
    ...(['train', 'test'] as const).map((split) => {
      const { images, suspects, estimatedErrors, agreement } = labels[split]
      const title = `Labels of the ${formatCount(images)} ${splitNames[split]} images`
      const judged = `the quick model agrees with ${formatPercent(agreement)}; about ${formatCount(estimatedErrors)} labels look wrong or doubtful`
      return `${title}: ${judged}\n\n${formatSuspects(suspects, dataset.classes)}`
    }),
    formatExact(duplicates.exact),
    ...pairKinds.map((kind) => {
      const pairs = duplicates.nearest[kind]
      return `Most alike: ${pairTitles[kind]}\n\n${formatPairs(pairs, dataset)}`
    }),
    `Audited in ${formatDuration(seconds)}`,
  ]
  return `${parts.join('\n\n')}\n`
}

function formatClasses({ classes }: Audit, names: readonly string[]): string {
  const columns: Column[] = [
    { title: 'Class' },
    ...['Training', 'Test', 'Mean', 'Deviation', 'Ink'].map((title) => ({ title, align: 'right' }) as const),
  ]
  const rows = names.map((name, label) => {
    const [train, test] = [classes.train[label], classes.test[label]]
    const counts = [train, test].map((of) => formatCount(of?.count ?? 0))
    const shares = [train?.mean, train?.deviation].map((value) => (value ?? 0).toFixed(3))
    return [name, ...counts, ...shares, formatPercent(train?.ink ?? 0, 1)]
  })
  return `Classes (mean and deviation of the training pixels in [0, 1], ink: pixels that are not zero)\n\n${formatTable(columns, rows)}`
}

function formatSuspects(suspects: readonly SuspiciousLabel[], names: readonly string[]): string {
  const columns: Column[] = [
    { title: 'Image', align: 'right' },
    { title: 'Label' },
    { title: 'Suggested' },
    { title: 'p(label)', align: 'right' },
    { title: 'p(suggested)', align: 'right' },
    { title: 'Margin', align: 'right' },
  ]
  const rows = suspects
    .slice(0, ROWS)
    .map(({ index, label, suggested, selfConfidence, suggestedConfidence, margin }) => [
      String(index),
      names[label] as string,
      names[suggested] as string,
      ...[selfConfidence, suggestedConfidence, margin].map((value) => value.toFixed(4)),
    ])
  return `${formatTable(columns, rows)}${formatRest(suspects.length)}`
}

const formatRest = (count: number): string => (count > ROWS ? `\n${formatCount(count - ROWS)} more` : '')

function formatExact(groups: readonly (readonly Place[])[]): string {
  if (groups.length === 0) return 'No two images have the same bytes'
  const lines = groups.slice(0, ROWS).map((group) => `  ${group.map(nameOf).join(', ')}`)
  return `${formatCount(groups.length)} groups of images with the same bytes\n\n${lines.join('\n')}${formatRest(groups.length)}`
}

function formatPairs(pairs: readonly Pair[], dataset: Dataset): string {
  const columns: Column[] = [
    { title: 'Distance', align: 'right' },
    { title: 'First' },
    { title: 'Label' },
    { title: 'Second' },
    { title: 'Label' },
  ]
  const label = (place: Place): string => dataset.classes[labelOf(dataset, place)] as string
  const rows = pairs
    .slice(0, ROWS)
    .map(({ first, second, distance }) => [
      distance.toFixed(4),
      nameOf(first),
      label(first),
      nameOf(second),
      label(second),
    ])
  return formatTable(columns, rows)
}

/** `train 1234`. */
export const nameOf = ({ split, index }: Place): string => `${split} ${index}`

export const labelOf = (dataset: Dataset, { split, index }: Place): number =>
  dataset[split].labels[index] as number

/** The keys of audit.json. */
export function auditAsData(audit: Audit, dataset: Dataset) {
  const { directory, official, checksums, classes: names } = dataset
  const { folds, seed, seconds, labels, duplicates } = audit
  const labelled = (place: Place) => ({ ...place, label: labelOf(dataset, place) })
  const pairs = (list: readonly Pair[]) =>
    list.map(({ first, second, distance }) => ({
      first: labelled(first),
      second: labelled(second),
      distance,
    }))
  const classes = names.map((name, label) => {
    const of = (split: 'train' | 'test') => {
      const { meanImage: _, ...numbers } = audit.classes[split][label] ?? { meanImage: null }
      return numbers
    }
    return { name, train: of('train'), test: of('test') }
  })
  const [across, train, test] = pairKinds.map((kind) => pairs(duplicates.nearest[kind]))
  return {
    data: { directory, official, checksums },
    folds,
    seed,
    seconds,
    classes,
    labels,
    duplicates: { exact: duplicates.exact, nearest: { 'train-test': across, train, test } },
  }
}
