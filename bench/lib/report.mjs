// The figures as Markdown tables that also read well on a terminal.
import { formatBytes, formatCount } from '../../dist/core/format.js'
import { describeTask } from './measure.mjs'

const TITLES = { training: 'Training', one: 'Inference of one image', thousand: 'Inference of 1,000 images' }

/** report: { machine, options, models, tasks, peak, results, skipped } */
export function formatReport(report) {
  const sections = report.tasks.flatMap((task) => [`### ${TITLES[task]}`, resultsTable(report, task)])
  return [
    machineLines(report),
    '### At a glance',
    summaryTable(report),
    ...sections,
    ...(report.tasks.includes('training') ? ['### While training', trainingTable(report)] : []),
    ...modesSection(report),
  ].join('\n\n')
}

function machineLines({ machine, peak, skipped, rounds, seconds }) {
  const lines = [
    `${machine.date}, \`${machine.command}\`: ${rounds} rounds in ${Math.round(seconds / 60)} min, ` +
      `${machine.threads} threads each, load average before it ${machine.load.toFixed(1)}`,
    `${machine.cpu}, ${machine.cores} cores, ${formatBytes(machine.memoryBytes)}; ${machine.features}`,
    `${machine.os}, Node ${machine.node}, Atelier ${machine.revision}`,
    ...machine.versions,
    ...Object.entries(peak).map(([precision, { shape, rate, fastest, repetitions }]) => {
      const product = shape.map(formatCount).join(' x ')
      const rates = `${gigaflops(rate)} GFLOP/s (the fastest of ${repetitions}: ${gigaflops(fastest)})`
      return `Peak in ${precision}: ${rates}, oneDNN's matrix product ${product}`
    }),
    ...Object.entries(skipped).map(([name, reason]) => `Skipped: ${name}: ${reason}`),
  ]
  return lines.map((line) => `- ${line}`).join('\n')
}

function resultsTable({ results, models, peak }, task) {
  const training = task === 'training'
  const columns = ['Model', 'Contestant', 'Mode', 'Images/s', 'Lowest to highest', 'Atelier over it']
  columns.push(...(task === 'one' ? ['Latency'] : []), 'GFLOP/s', 'MFU', 'Peak memory')
  const rows = models.flatMap((model) => {
    const own = results.filter((result) => result.model === model.name && result.task === task)
    const first = own[0]
    return own.map((result, index) => {
      const name = index === 0 ? `${model.name}${training ? `, batch ${model.batch}` : ''}` : ''
      if (result.missing) return [name, result.title, shorten(result.missing)]
      const { rate, lowest, highest, flops, peakMemory } = result
      const ratio = index === 0 || first.missing ? '' : `${(first.rate / rate).toFixed(2)} x`
      return [
        name,
        result.title,
        result.mode,
        formatRate(rate),
        `${formatRate(lowest)} to ${formatRate(highest)}`,
        ratio,
        ...(task === 'one' ? [`${formatMilliseconds(1000 / rate)} ms`] : []),
        gigaflops(flops),
        shareOfPeak(result, peak),
        peakMemory === null ? '-' : formatBytes(peakMemory),
      ]
    })
  })
  return markdownTable(columns, rows, 3)
}

/** Whether the event loop stays free and the data arrive in time. */
function trainingTable({ results, models }) {
  const rows = results
    .filter(({ timerLateness }) => timerLateness)
    .map((result) => {
      const { median, p99, worst } = result.timerLateness
      const model = models.find(({ name }) => name === result.model)
      return [
        `${model.name}, ${result.mode}`,
        ...[median, p99, worst].map((value) => `${value.toFixed(1)} ms`),
        `${(100 * result.waitingForData).toFixed(2)} %`,
      ]
    })
  const columns = [
    'Model',
    'A 10 ms timer is late by (median)',
    '99th percentile',
    'Worst',
    'Waiting for batches',
  ]
  return markdownTable(columns, rows, 1)
}

/** What counted is the best of these; each was run once, for a third of a turn. */
function modesSection({ results, models }) {
  const lines = results
    .filter(({ modes }) => modes?.length > 1)
    .map(({ model, task, title, modes }) => {
      const rates = modes
        .toSorted((a, b) => (b.rate ?? 0) - (a.rate ?? 0))
        .map(({ name, rate }) => `${name} ${rate === undefined ? 'failed' : formatRate(rate)}`)
      const about = describeTask(
        task,
        models.find(({ name }) => name === model),
      )
      return `- ${model}, ${about}, ${title}: ${rates.join('; ')}`
    })
  return lines.length > 0 ? ['### Modes tried, images a second', lines.join('\n')] : []
}

/** A row a model: what the figures below come to. */
function summaryTable({ models, results, peak }) {
  const find = (model, task, id) =>
    results.find(
      (result) => result.model === model.name && result.task === task && result.id === id && !result.missing,
    )
  const over = (model, task, ids) => {
    const rates = ids.map((id) => find(model, task, id)?.rate ?? 0)
    const own = find(model, task, 'atelier')
    return own && Math.max(...rates) > 0 ? `${(own.rate / Math.max(...rates)).toFixed(2)} x` : '-'
  }
  const rows = models.map((model) => {
    const [own, other] = ['atelier', 'pytorch'].map((id) => find(model, 'training', id))
    return [
      model.name,
      over(model, 'training', ['pytorch']),
      own ? shareOfPeak(own, peak) : '-',
      own && other ? `${(own.peakMemory / other.peakMemory).toFixed(2)} x` : '-',
      over(model, 'one', ['pytorch', 'onnxruntime']),
      over(model, 'thousand', ['pytorch', 'onnxruntime']),
    ]
  })
  const faster = 'over the faster of PyTorch and onnxruntime'
  const columns = [
    'Model',
    'Training over PyTorch',
    'MFU',
    'Memory',
    `One image ${faster}`,
    `1,000 images ${faster}`,
  ]
  return markdownTable(columns, rows, 1)
}

const shareOfPeak = ({ flops, precision }, peak) =>
  peak[precision] ? `${((100 * flops) / peak[precision].rate).toFixed(1)} %` : '-'

/** The first columns hold text and stand left, the others numbers. */
function markdownTable(columns, rows, leftColumns) {
  const widths = columns.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)),
  )
  const line = (cells) =>
    `| ${columns
      .map((_, i) =>
        i < leftColumns ? (cells[i] ?? '').padEnd(widths[i]) : (cells[i] ?? '').padStart(widths[i]),
      )
      .join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i < leftColumns ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(columns), rule, ...rows.map(line)].join('\n')
}

/** The whole of a failure is told when it happens. */
const shorten = (text) => (text.length > 60 ? `${text.slice(0, 59)}…` : text)

const formatRate = (rate) => (rate < 10 ? rate.toFixed(2) : formatCount(rate))
const formatMilliseconds = (value) => value.toPrecision(3)
const gigaflops = (flops) => (flops < 1e10 ? (flops / 1e9).toPrecision(2) : formatCount(flops / 1e9))
