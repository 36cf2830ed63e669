/** An evaluation in plain lines of at most 100 columns. */
import { formatCount, formatPercent, formatTable } from '../core/format.js'
import type { ClassMetrics, Evaluation } from './metrics.js'

const widest = 100

/** Accuracy and loss, a table by class, and the confusion matrix where it fits. */
export function formatEvaluation(evaluation: Evaluation): string {
  const { n, accuracy, correct, loss, perClass, confusion } = evaluation
  const totals = [
    `Accuracy   ${formatPercent(accuracy)}   (${formatCount(correct)} of ${formatCount(n)} images)`,
    `Loss       ${loss.toFixed(4)}`,
  ]
  const matrix = formatConfusion(
    perClass.map(({ name }) => name),
    confusion,
  )
  const fits = matrix.split('\n').every((line) => line.length <= widest)
  const parts = [totals.join('\n'), formatClasses(perClass)]
  if (fits) parts.push(`Images by true class (row) and the class they were given (column)\n\n${matrix}`)
  return `${parts.join('\n\n')}\n`
}

function formatClasses(perClass: readonly ClassMetrics[]): string {
  const columns = [
    { title: 'Class' },
    { title: 'Images', align: 'right' },
    { title: 'Correct', align: 'right' },
    { title: 'Recall', align: 'right' },
    { title: 'Precision', align: 'right' },
    { title: 'F1', align: 'right' },
  ] as const
  const rows = perClass.map(({ name, n, correct, recall, precision, f1 }) => [
    shortened(name, 40),
    formatCount(n),
    formatCount(correct),
    formatPercent(recall),
    formatPercent(precision),
    formatPercent(f1),
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
