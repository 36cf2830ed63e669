/** Where a plan's time goes, in plain lines: each step's, its rate and its share. */
import { formatTable } from '../core/format.js'
import { formatShape } from '../core/shape.js'
import { operandsOf, type Step } from '../graph/steps.js'
import { flopsOf } from './flops.js'
import { type Plan, tensorOf } from './plan.js'

export interface StepProfile {
  readonly step: string
  /** The first tensor it writes. */
  readonly writes: string
  readonly milliseconds: number
  /** 10^9 flops a second; null for steps that only move memory. */
  readonly gflops: number | null
  /** Of the whole time. */
  readonly share: number
  readonly implementation: string
}

export interface PlanProfile {
  /** In the plan's order. */
  readonly steps: readonly StepProfile[]
  /** Inputs, outputs and the renewal of weights in other layouts. */
  readonly restMilliseconds: number
  readonly milliseconds: number
  readonly imagesPerSecond: number
  readonly gflops: number
}

/** From the seconds of each step over `iterations` runs. */
export function profileOf(
  plan: Plan,
  seconds: Float64Array,
  rest: number,
  iterations: number,
  implementations: readonly string[],
): PlanProfile {
  const total = (seconds.reduce((sum, value) => sum + value, rest) * 1000) / iterations
  const flops = plan.steps.map((step) => flopsOf(plan, step))
  const steps = plan.steps.map((step, i) => {
    const milliseconds = ((seconds[i] as number) * 1000) / iterations
    const work = flops[i] as number
    return {
      step: step.kind,
      writes: describeWrites(plan, step),
      milliseconds,
      gflops: work > 0 ? work / milliseconds / 1e6 : null,
      share: milliseconds / total,
      implementation: implementations[i] ?? '',
    }
  })
  return {
    steps,
    restMilliseconds: (rest * 1000) / iterations,
    milliseconds: total,
    imagesPerSecond: (plan.batch * 1000) / total,
    gflops: flops.reduce((sum, value) => sum + value, 0) / total / 1e6,
  }
}

function describeWrites(plan: Plan, step: Step): string {
  if ('parameters' in step) return `${step.parameters.length} weights`
  const [first] = operandsOf(step).writes
  if (first === undefined) return ''
  const { name, shape } = tensorOf(plan, first)
  return `${name} ${formatShape(shape)}`
}

export function formatProfile(plan: Plan, profile: PlanProfile): string {
  const row = (cells: { name: string; writes: string; ms: number; gflops: number | null; by: string }) => [
    cells.name,
    cells.writes,
    cells.ms.toFixed(3),
    cells.gflops === null ? '' : cells.gflops.toFixed(0),
    `${((100 * cells.ms) / profile.milliseconds).toFixed(1)} %`,
    cells.by,
  ]
  const columns = [
    { title: 'Step' },
    { title: 'Writes' },
    { title: 'ms', align: 'right' },
    { title: 'GFLOP/s', align: 'right' },
    { title: 'Share', align: 'right' },
    { title: 'By' },
  ] as const
  const steps = profile.steps.map(({ step, writes, milliseconds, gflops, implementation }) =>
    row({ name: step, writes, ms: milliseconds, gflops, by: implementation }),
  )
  const rest = row({
    name: 'rest',
    writes: 'inputs, weight copies',
    ms: profile.restMilliseconds,
    gflops: null,
    by: '',
  })
  return (
    `${formatTable(columns, [...steps, 'rule', rest])}\n\n${formatTable(
      [{ title: 'Kind of step' }, { title: 'ms', align: 'right' }, { title: 'Share', align: 'right' }],
      kindsOf(profile),
    )}\n\n` +
    `${plan.batch} images a step in ${profile.milliseconds.toFixed(3)} ms: ` +
    `${Math.round(profile.imagesPerSecond).toLocaleString('en-US')} images/s, ${profile.gflops.toFixed(0)} GFLOP/s\n`
  )
}

/** The kinds of steps, the longest first. */
function kindsOf({ steps, milliseconds: total }: PlanProfile): string[][] {
  const sums = new Map<string, number>()
  for (const { step, milliseconds } of steps) sums.set(step, (sums.get(step) ?? 0) + milliseconds)
  return [...sums]
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, ms]) => [kind, ms.toFixed(3), `${((100 * ms) / total).toFixed(1)} %`])
}
