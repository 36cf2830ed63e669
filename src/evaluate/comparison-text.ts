/** A comparison in plain lines of at most 100 columns. */
import { formatCount, formatEpochs, formatTable } from '../core/format.js'
import type { ComparedPair, ComparedRun, Comparison, PublishedRow } from './compare.js'

/** So many indices of images are shown of each kind. */
const SHOWN_INDICES = 12

/** The runs, the differences of each two, and the first of the images that tell them apart. */
export function formatComparison({ n, runs, published, pairs }: Comparison): string {
  const parts = [formatRuns(runs, published)]
  if (runs.length > 0) {
    const names = runs.map(({ id, run, seed }) => `${id}  ${run} (seed ${seed})`)
    parts.push(names.join('\n'))
  }
  if (pairs.length > 0) {
    parts.push(`On the same ${formatCount(n)} test images, in points\n\n${formatPairs(pairs)}`)
    parts.push(pairs.flatMap(formatImages).join('\n'))
  }
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function formatRuns(runs: readonly ComparedRun[], published: readonly PublishedRow[]): string {
  const columns = [
    { title: '' },
    { title: 'Model' },
    { title: 'Recipe' },
    { title: 'Parameters', align: 'right' },
    { title: 'Epochs', align: 'right' },
    { title: 'Minutes', align: 'right' },
    { title: 'Train', align: 'right' },
    { title: 'Valid', align: 'right' },
    { title: 'Test % (95 % interval)', align: 'right' },
    { title: 'Study', align: 'right' },
  ] as const
  const rows = runs.map((run) => [
    run.id,
    shortened(run.model),
    shortened(run.recipe),
    formatCount(run.parameters),
    formatEpochs(run.epochs),
    run.seconds === null ? '-' : (run.seconds / 60).toFixed(1),
    percent(run.trainAccuracy),
    percent(run.validationAccuracy),
    `${percent(run.testAccuracy)} (${percent(run.interval.low)} to ${percent(run.interval.high)})`,
    percent(run.publishedTestAccuracy),
  ])
  const ofStudy = published.map((row) => [
    '',
    row.model,
    'study',
    formatCount(row.parameters),
    String(row.epochs),
    '-',
    percent(row.trainAccuracy),
    percent(row.validationAccuracy),
    // Under the accuracies of the runs.
    `${percent(row.testAccuracy)}${' '.repeat(' (00.00 to 00.00)'.length)}`,
    '',
  ])
  return formatTable(columns, [...rows, ...ofStudy])
}

function formatPairs(pairs: readonly ComparedPair[]): string {
  const columns = [
    { title: 'Pair' },
    { title: 'Difference', align: 'right' },
    { title: '95 % interval (bootstrap)', align: 'right' },
    { title: 'Only first right', align: 'right' },
    { title: 'Only second right', align: 'right' },
    { title: "p (McNemar's)", align: 'right' },
  ] as const
  const rows = pairs.map(({ first, second, difference, interval, mcnemar, ...images }) => [
    `${first} - ${second}`,
    points(difference),
    `${points(interval.low)} to ${points(interval.high)}`,
    formatCount(images.onlyFirstRight.length),
    formatCount(images.onlySecondRight.length),
    `${mcnemar.p < 0.0001 ? '< 0.0001' : mcnemar.p.toFixed(4)} ${mcnemar.method}`,
  ])
  return formatTable(columns, rows)
}

function formatImages({ first, second, onlyFirstRight, onlySecondRight }: ComparedPair): string[] {
  const line = (right: string, wrong: string, images: readonly number[]): string => {
    const shown = images.slice(0, SHOWN_INDICES).join(', ')
    const more = images.length > SHOWN_INDICES ? ', ...' : ''
    return `${right} right, ${wrong} wrong: ${shown || 'none'}${more}`
  }
  return [line(first, second, onlyFirstRight), line(second, first, onlySecondRight)]
}

const percent = (share: number | null): string => (share === null ? '-' : (100 * share).toFixed(2))

function points(difference: number): string {
  const value = (100 * difference).toFixed(2)
  return difference > 0 ? `+${value}` : value
}

const shortened = (name: string): string => [...name].slice(0, 10).join('').trimEnd()
