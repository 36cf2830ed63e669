/** One model, trained or inferring: every contestant in a process of its own, taking turns over several rounds. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Calibrators } from './calibrators.js'
import type { Child } from './child.js'
import type { Contestant } from './contestants.js'
import { flopsPerImage } from './flops.js'
import type { Options } from './options.js'
import type { Peak } from './peak.js'
import { median, quantile } from './statistics.js'
import type {
  BenchModel,
  EventLoop,
  Material,
  Measured,
  Prepared,
  Result,
  Task,
  Threads,
  Turn,
} from './types.js'

/** Threads that spin for more work have gone to sleep by then. */
const PAUSE_MS = 100
/** How far logits may be off, in units of the largest one: the contestants must compute the same function. */
const TOLERANCE = { f32: 1e-3, bf16: 0.1 } as const

export interface Context {
  readonly contestants: readonly Contestant[]
  readonly calibrators: Calibrators
  readonly options: Options
  readonly material: Material
  readonly bf16: boolean
  readonly peaks: readonly Peak[]
  readonly progress: (line: string) => void
}

/** A contestant at a task: what is known of it so far, and its process once it is prepared. */
interface Entry {
  readonly contestant: Contestant
  result: Result
  child?: Child
  logits?: readonly number[]
  readonly turns: Turn[]
}

/** A result for each task and contestant: its median rate and all rounds, or why there is none. */
export async function measureModel(
  context: Context,
  model: BenchModel,
  tasks: readonly Task[],
): Promise<Result[]> {
  const { options, progress, peaks } = context
  const children = new Map<string, Child>()
  const entries = entriesOf(context, model, tasks)
  try {
    for (const entry of entries) await attempt(context, entry, () => prepare(context, entry, model, children))
    for (const task of tasks) {
      compareLogits(
        context,
        entries.filter(({ result }) => result.task === task),
      )
    }
    for (let round = 1; round <= options.rounds; round++) {
      const what = tasks.map((task) => describeTask(task, model)).join(' and ')
      progress(`${model.name}, ${what}: round ${round}`)
      for (const entry of entries) await attempt(context, entry, () => takeTurn(context, entry))
      if (round === 1) for (const peak of peaks) await peak.measure()
    }
    return entries.map((entry) => finish(entry, model))
  } finally {
    await Promise.all([...children.values()].map((child) => child.stop()))
  }
}

export const describeTask = (task: Task, { batch }: Pick<BenchModel, 'batch'>): string =>
  ({ training: `training, batch ${batch}`, one: 'one image', thousand: '1,000 images' })[task]

function entriesOf({ contestants }: Context, model: BenchModel, tasks: readonly Task[]): Entry[] {
  return tasks.flatMap((task) =>
    contestants
      .filter((contestant) => !contestant.infersOnly || task !== 'training')
      .map((contestant) => {
        const { id, title, kind } = contestant
        const missing = contestant.cannot?.(model.name, task)
        const result = { model: model.name, task, id, title, kind, ...(missing && { missing }) }
        return { contestant, result, turns: [] }
      }),
  )
}

/** Does it unless the entry has failed before; a failure is the entry's result, and the others go on. */
async function attempt(context: Context, entry: Entry, work: () => Promise<void>): Promise<void> {
  if (entry.result.missing !== undefined) return
  try {
    await work()
  } catch (error) {
    fail(context, entry, error instanceof Error ? error.message : String(error))
  }
}

function fail({ progress }: Context, entry: Entry, message: string): void {
  entry.result = { ...entry.result, missing: message, failed: true }
  progress(`${entry.result.title} failed: ${message}`)
}

async function prepare(
  context: Context,
  entry: Entry,
  model: BenchModel,
  children: Map<string, Child>,
): Promise<void> {
  const { material, options, bf16, calibrators, progress } = context
  const { contestant, result } = entry
  const { task } = result
  const about = { model: model.name, batch: model.batch, pixels: model.pixels, folder: material.folder }
  const assignment = { ...about, task, bf16, quick: options.quick, threads: options.threads }
  let [mode, threads] = [contestant.mode, contestant.settings[0] as Threads]
  if (!mode) {
    progress(`${model.name}, ${describeTask(task, model)}: trying the modes of ${result.title}`)
    const trials = await calibrators.search(contestant, assignment, options.trialSeconds[task])
    entry.result = { ...entry.result, trials }
    const [best] = trials
    if (!best || best.failed !== undefined) throw new Error(best?.failed ?? 'it has no mode')
    ;({ mode, threads } = best)
  }
  const key = `${contestant.id} ${JSON.stringify(threads)}`
  const child = children.get(key) ?? contestant.open(threads)
  children.set(key, child)
  entry.child = child
  const prepared = await child.ask<Prepared>('prepare', { ...assignment, threads: threads.own, mode })
  entry.result = {
    ...entry.result,
    mode: describeMode(prepared.mode ?? mode.name, threads, contestant),
    precision: prepared.precision ?? mode.precision,
    ...(prepared.version !== undefined && { version: prepared.version }),
  }
  if (prepared.logits) entry.logits = prepared.logits
}

/** With the threads where these were chosen. */
export function describeMode(
  name: string,
  { own, blas }: Threads,
  { settings }: Pick<Contestant, 'settings'>,
): string {
  return settings.length > 1 ? `${name}, threads ${own} + BLAS ${blas}` : name
}

/** All must give the logits that the first in f32 gives, which is Atelier. */
function compareLogits(context: Context, entries: readonly Entry[]): void {
  const giving = entries.filter(({ logits }) => logits)
  const reference = (giving.find(({ result }) => result.precision === 'f32') ?? giving[0])?.logits ?? []
  const size = Math.max(...reference.map(Math.abs))
  for (const entry of giving) {
    const { logits = [], result } = entry
    const error = Math.max(...reference.map((logit, i) => Math.abs(logit - (logits[i] ?? Number.NaN)))) / size
    // Written so that NaN fails.
    if (!(error <= TOLERANCE[result.precision ?? 'f32'])) {
      const message = `its logits are off by ${error.toPrecision(2)} of the largest: not the same model`
      fail(context, entry, message)
    }
  }
}

async function takeTurn({ options }: Context, { child, result, turns }: Entry): Promise<void> {
  if (!child) throw new Error('it was not prepared')
  await pause(PAUSE_MS)
  const { task } = result
  turns.push(await child.ask<Turn>('run', { task, seconds: options.seconds[task] }))
}

function finish({ result, child, turns }: Entry, model: BenchModel): Result {
  if (result.missing !== undefined) return result
  const rates = turns.map(({ images, seconds }) => images / seconds)
  const rate = median(rates)
  const measured: Measured = {
    rounds: turns.map(({ images, seconds }) => ({ images, seconds })),
    rate,
    lowest: Math.min(...rates),
    highest: Math.max(...rates),
    flops: flopsPerImage(model.graph, result.task) * rate,
    peakMemory: child?.peakMemory() ?? null,
    ...(turns[0]?.lateness && { eventLoop: eventLoopOf(turns) }),
  }
  return { ...result, measured }
}

function eventLoopOf(turns: readonly Turn[]): EventLoop {
  const late = turns.flatMap(({ lateness = [] }) => lateness)
  const total = turns.reduce((sum, { seconds }) => sum + seconds, 0)
  const waited = turns.reduce((sum, { waited = 0 }) => sum + waited, 0)
  return {
    median: median(late),
    p99: quantile(late, 0.99),
    worst: Math.max(...late),
    waiting: waited / total,
  }
}
