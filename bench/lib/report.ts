/** The figures as Markdown tables that also read well on a terminal. */
import { formatBytes, formatCount } from '#atelier/core/format.js'
import type { Machine } from './machine.js'
import { markdownTable } from './markdown.js'
import { describeTask } from './measure.js'
import type { PeerName } from './options.js'
import type { PeakRate, PeakRates } from './peak.js'
import { isSteady, type Ratio, ratioOver, ratioOverBest, rivalsOf } from './ratios.js'
import type { BenchModel, Measured, Precision, Result, Task } from './types.js'

export interface Report {
  readonly machine: Machine
  readonly rounds: number
  readonly seconds: number
  readonly tasks: readonly Task[]
  readonly models: readonly Pick<BenchModel, 'name' | 'batch'>[]
  readonly peak: PeakRates
  /** Of the wasm engine, on one thread. */
  readonly wasmPeak: PeakRate | undefined
  readonly results: readonly Result[]
  readonly skipped: Partial<Record<PeerName, string>>
}

const TITLES: Readonly<Record<Task, string>> = {
  training: 'Training',
  one: 'Inference of one image',
  thousand: 'Inference of 1,000 images',
}

export function formatReport(report: Report): string {
  const sections = report.tasks.flatMap((task) => [`#### ${TITLES[task]}`, resultsTable(report, task)])
  return [
    machineLines(report),
    '#### At a glance',
    summaryTable(report),
    ...unsteadyLine(report),
    '#### In WebAssembly',
    wasmTable(report),
    ...sections,
    ...(report.tasks.includes('training') ? ['#### While training', trainingTable(report)] : []),
    ...trialsSection(report),
  ].join('\n\n')
}

function machineLines({ machine, peak, wasmPeak, skipped, rounds, seconds }: Report): string {
  const lines = [
    `${machine.date}, \`${machine.command}\`: ${rounds} rounds in ${Math.round(seconds / 60)} min, ` +
      `at most ${machine.threads} threads each, load average before it ${machine.load.toFixed(1)}`,
    `${machine.cpu}, ${machine.cores} cores, ${formatBytes(machine.memoryBytes)}; ${machine.features}`,
    ...(machine.held ? [heldLine(machine.held)] : []),
    `${machine.os}, Node ${machine.node}, Atelier ${machine.revision}`,
    ...machine.versions,
    ...Object.entries(peak).map(
      ([precision, rate]) => `Peak in ${precision}: ${productLine(rate, "oneDNN's matrix product")}`,
    ),
    ...(wasmPeak
      ? [`In WebAssembly: ${productLine(wasmPeak, "the wasm engine's matrix product")}, one thread`]
      : []),
    ...Object.entries(skipped).map(([name, reason]) => `Skipped: ${name}: ${reason}`),
  ]
  return lines.map((line) => `- ${line}`).join('\n')
}

function productLine({ shape, rate, fastest, repetitions }: PeakRate, product: string): string {
  const rates = `${gigaflops(rate)} GFLOP/s (the fastest of ${repetitions}: ${gigaflops(fastest)})`
  return `${rates}, ${product} ${shape.map(formatCount).join(' x ')}`
}

const heldLine = (isa: string): string =>
  isa === 'AVX2'
    ? '**Held to AVX2**: oneDNN (Atelier, PyTorch), PyTorch’s own kernels and OpenBLAS; onnxruntime and V8’s Wasm cannot be held and use all that the processor has'
    : `**oneDNN held to ${isa}** (Atelier, PyTorch); all else uses what the processor has`

function resultsTable({ results, models, peak }: Report, task: Task): string {
  const training = task === 'training'
  const columns = ['Model', 'Contestant', 'Mode', 'Images/s', 'Lowest to highest', 'Atelier over it']
  columns.push(...(task === 'one' ? ['Latency'] : []), 'GFLOP/s', 'MFU', 'Peak memory')
  const rows = models.flatMap((model) => {
    const all = results.filter((result) => result.model === model.name && result.task === task)
    return all.map((result, index) => {
      const name = index === 0 ? `${model.name}${training ? `, batch ${model.batch}` : ''}` : ''
      const { measured } = result
      if (!measured) return [name, result.title, shorten(result.missing ?? '')]
      const { rate, lowest, highest, flops, peakMemory } = measured
      return [
        name,
        result.title,
        result.mode ?? '',
        formatRate(rate),
        `${formatRate(lowest)} to ${formatRate(highest)}`,
        index === 0 ? (isSteady(measured) ? '' : 'unsteady') : ratioCell(all[0], result),
        ...(task === 'one' ? [`${(1000 / rate).toPrecision(3)} ms`] : []),
        gigaflops(flops),
        shareOfPeak(measured, result.precision, peak),
        peakMemory === null ? '-' : formatBytes(peakMemory),
      ]
    })
  })
  return markdownTable(columns, rows, 3)
}

function ratioCell(own: Result | undefined, other: Result): string {
  if (other.measured && !isSteady(other.measured)) return 'unsteady'
  const ratio = ratioOver(own, other)
  return ratio ? formatRatio(ratio) : '-'
}

/** Whether the event loop stays free and the data arrive in time. */
function trainingTable({ results, models }: Report): string {
  const rows = results.flatMap(({ model, title, measured }) => {
    if (!measured?.eventLoop) return []
    const { median, p99, worst, waiting } = measured.eventLoop
    const name = models.find((one) => one.name === model)?.name
    const milliseconds = [median, p99, worst].map((value) => `${value.toFixed(1)} ms`)
    return [[`${name}, ${title}`, ...milliseconds, `${(100 * waiting).toFixed(2)} %`]]
  })
  const columns = ['Model', 'A 10 ms timer is late by (median)', '99th percentile', 'Worst']
  return markdownTable([...columns, 'Waiting for batches'], rows, 1)
}

/** What took part is the first; those measured again at the end of the search come before the others. */
function trialsSection({ results, models }: Report): string[] {
  const lines = results.flatMap(({ model, task, title, trials = [] }) => {
    if (trials.length < 2) return []
    const several = new Set(trials.map(({ threads }) => JSON.stringify(threads))).size > 1
    const rates = trials.map(({ mode, threads, rate, failed }) => {
      const where = several ? ` [${threads.own} + ${threads.blas}]` : ''
      return `${mode.name}${where} ${failed === undefined ? formatRate(rate) : 'failed'}`
    })
    const batch = models.find(({ name }) => name === model)?.batch ?? 0
    return [`- ${model}, ${describeTask(task, { batch })}, ${title}: ${rates.join('; ')}`]
  })
  if (lines.length === 0) return []
  return ['#### Modes tried, images a second [threads + threads of the BLAS]', lines.join('\n')]
}

/** A row a model: what the figures below come to. */
function summaryTable({ models, results, peak }: Report): string {
  const rows = models.map(({ name }) => {
    const of = (task: Task) => results.filter((result) => result.model === name && result.task === task)
    const over = (task: Task) => {
      const ratio = ratioOverBest(of(task), rivalsOf(task))
      return ratio ? `${formatRatio(ratio)} ${ratio.title}` : '-'
    }
    const own = of('training').find(({ id }) => id === 'atelier')
    const share = own?.measured ? shareOfPeak(own.measured, own.precision, peak) : '-'
    return [name, over('training'), share, over('one'), over('thousand')]
  })
  const faster = 'over the faster of onnxruntime and PyTorch'
  const columns = [
    'Model',
    'Training over the fastest PyTorch',
    'MFU',
    `One image ${faster}`,
    `1,000 images ${faster}`,
  ]
  return markdownTable(columns, rows, 1)
}

/** The wasm engine beside the native one in the same precision, and beside others in WebAssembly. */
function wasmTable({ models, tasks, results }: Report): string {
  const rows = models.flatMap(({ name }) =>
    tasks.map((task, index) => {
      const own = results.filter((result) => result.model === name && result.task === task)
      const f32 = own.filter(({ kind, precision }) => kind === 'atelier' && precision === 'f32')
      const wasm = own.find(({ id }) => id === 'atelier-wasm')
      const native = f32.find((one) => one !== wasm)
      const share = native ? ratioOver(wasm, native) : null
      const over = ratioOverBest(own, ['wasm'], 'atelier-wasm')
      return [
        index === 0 ? name : '',
        TITLES[task],
        wasm?.measured ? formatRate(wasm.measured.rate) : shorten(wasm?.missing ?? ''),
        share ? formatRatio(share) : '-',
        over ? `${formatRatio(over)} ${over.title}` : '-',
      ]
    }),
  )
  const columns = ['Model', 'Task', 'Images/s', 'Over the native engine in f32', 'Over the fastest other one']
  return markdownTable(columns, rows, 2)
}

/** Those for which no ratio is claimed. */
function unsteadyLine({ results }: Report): string[] {
  const unsteady = results.filter(({ measured }) => measured && !isSteady(measured))
  if (unsteady.length === 0) return []
  const names = unsteady.map(({ title, model, task }) => `${title} (${model}, ${TITLES[task].toLowerCase()})`)
  return [
    `Unsteady, their rounds differing by more than two times, so no ratio counts them: ${names.join('; ')}.`,
  ]
}

const formatRatio = ({ ratio }: Ratio): string => `${ratio.toFixed(2)} x`

const shareOfPeak = ({ flops }: Measured, precision: Precision = 'f32', peak: PeakRates): string => {
  const rate = peak[precision]?.rate
  return rate === undefined ? '-' : `${((100 * flops) / rate).toFixed(1)} %`
}

/** The whole of a failure is told when it happens. */
const shorten = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text)

const formatRate = (rate: number): string => (rate < 10 ? rate.toFixed(2) : formatCount(rate))
const gigaflops = (flops: number): string =>
  flops < 1e10 ? (flops / 1e9).toPrecision(2) : formatCount(flops / 1e9)
