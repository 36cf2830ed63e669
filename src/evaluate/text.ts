/** An evaluation in plain lines of at most 100 columns. */
import { formatCount, formatPercent, formatTable } from '../core/format.js'
import type { ConfusedPair, Evaluation, Interval } from '../runs/formats/metrics.js'
import type { RunEvaluation, TtaEvaluation, WithTta } from './evaluate.js'

const widest = 100
/** The most confused pairs that are shown. */
const SHOWN_PAIRS = 10

/** What is shown: of a single run, or of networks together, for which no temperature is fitted. */
type Shown = WithTta & Partial<Pick<RunEvaluation, 'temperatureScaling'>>

/** Accuracy, loss and calibration, a table by class, the confusion matrix where it fits, the confused pairs. */
export function formatEvaluation(evaluation: Shown): string {
  const { perClass, confusion, confusedPairs, tta } = evaluation
  const matrix = formatConfusion(
    perClass.map(({ name }) => name),
    confusion,
  )
  const fits = matrix.split('\n').every((line) => line.length <= widest)
  const parts = [formatTotals(evaluation)]
  if (tta) parts.push(formatTta(evaluation, tta))
  parts.push(formatClasses(evaluation))
  if (fits) parts.push(`Images by true class (row) and the class they were given (column)\n\n${matrix}`)
  if (confusedPairs.length > 0) parts.push(formatPairs(confusedPairs))
  return `${parts.join('\n\n')}\n`
}

/** `90.66 to 91.77 %`. */
export const formatInterval = ({ low, high }: Interval): string =>
  `${(100 * low).toFixed(2)} to ${formatPercent(high)}`

function formatTotals(evaluation: Shown): string {
  const { n, accuracy, correct, interval, loss, top2, top3, calibration, temperatureScaling } = evaluation
  const scaled = (value: (scaling: NonNullable<typeof temperatureScaling>) => string): string =>
    temperatureScaling ? `   (with temperature ${value(temperatureScaling)})` : ''
  const lines = {
    Accuracy: `${formatPercent(accuracy)}   (${formatCount(correct)} of ${formatCount(n)} images)`,
    '95 % interval': `${formatInterval(interval)}   (Wilson)`,
    'Top 2, top 3': `${formatPercent(top2)}, ${formatPercent(top3)}`,
    'Log loss': `${loss.toFixed(4)}${scaled((scaling) => scaling.loss.toFixed(4))}`,
    'Calibration error': `${formatPercent(calibration.ece)}${scaled(({ ece }) => formatPercent(ece))}`,
    ...(temperatureScaling !== undefined && { Temperature: formatTemperature(temperatureScaling) }),
  }
  return Object.entries(lines)
    .map(([title, value]) => `${title.padEnd(18)} ${value}`)
    .join('\n')
}

/** The columns of `figuresOf`. */
export const figureColumns = [
  { title: 'Accuracy', align: 'right' },
  { title: '95 % interval', align: 'right' },
  { title: 'Log loss', align: 'right' },
  { title: 'Calibration error', align: 'right' },
] as const

/** An evaluation in a row of a table. */
export const figuresOf = ({ accuracy, interval, loss, calibration }: Evaluation): readonly string[] => [
  formatPercent(accuracy),
  formatInterval(interval),
  loss.toFixed(4),
  formatPercent(calibration.ece),
]

function formatTta(plain: Evaluation, tta: TtaEvaluation): string {
  const rows = [
    ['Each image as it is', ...figuresOf(plain)],
    [`${tta.views} views of it (TTA)`, ...figuresOf(tta)],
  ]
  const table = formatTable([{ title: '' }, ...figureColumns], rows)
  return `${table}\n\n${aboutViews(tta)}`
}

/** What test-time augmentation did. */
export const aboutViews = ({ views }: TtaEvaluation): string =>
  `TTA: the weighted mean of a network's logits of ${views} views of each image. All else is without it.`

const formatTemperature = (scaling: RunEvaluation['temperatureScaling']): string =>
  scaling
    ? `${scaling.temperature.toFixed(4)}   (fitted on ${scaling.fittedOn})`
    : 'none   (it takes a run that held images out to fit one)'

function formatClasses({ perClass, macro, n, correct }: Evaluation): string {
  const columns = [
    { title: 'Class' },
    { title: 'Images', align: 'right' },
    { title: 'Correct', align: 'right' },
    { title: 'Recall', align: 'right' },
    { title: 'Precision', align: 'right' },
    { title: 'F1', align: 'right' },
  ] as const
  const row = (name: string, metrics: Omit<Evaluation['perClass'][number], 'name'>): readonly string[] => [
    shortened(name, 40),
    formatCount(metrics.n),
    formatCount(metrics.correct),
    formatPercent(metrics.recall),
    formatPercent(metrics.precision),
    formatPercent(metrics.f1),
  ]
  const rows = perClass.map((metrics) => row(metrics.name, metrics))
  return formatTable(columns, [...rows, 'rule', row('All, mean of classes', { n, correct, ...macro })])
}

function formatPairs(pairs: readonly ConfusedPair[]): string {
  const columns = [
    { title: 'Most confused' },
    { title: 'Taken for' },
    { title: 'Images', align: 'right' },
    { title: 'Of the class', align: 'right' },
  ] as const
  const rows = pairs
    .slice(0, SHOWN_PAIRS)
    .map(({ trueClass, predictedClass, count, share }) => [
      shortened(trueClass, 32),
      shortened(predictedClass, 32),
      formatCount(count),
      formatPercent(share),
    ])
  return formatTable(columns, rows)
}

function formatConfusion(names: readonly string[], confusion: Evaluation['confusion']): string {
  const titles = shortNames(names)
  const columns = [{ title: '' }, ...titles.map((title) => ({ title, align: 'right' }) as const)]
  const rows = confusion.map((counts, row) => [
    shortened(names[row] as string, 16),
    // Zeros would hide where the errors are.
    ...counts.map((count) => (count === 0 ? '·' : String(count))),
  ])
  return formatTable(columns, rows)
}

/** Heads of columns: five letters of each name where that tells them apart, else the classes' numbers. */
function shortNames(names: readonly string[]): readonly string[] {
  const short = names.map((name) => shortened(name, 5))
  return new Set(short).size === names.length ? short : names.map((_, index) => String(index))
}

const shortened = (name: string, length: number): string => [...name].slice(0, length).join('').trimEnd()
