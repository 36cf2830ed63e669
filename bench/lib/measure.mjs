// One model, trained or inferring: every contestant in a process of its own, taking turns over several rounds.
import { setTimeout as pause } from 'node:timers/promises'
import { flopsPerImage } from './flops.mjs'
import { median, quantile } from './statistics.mjs'

/** Threads that spin for more work have gone to sleep by then. */
const PAUSE_MS = 100
/** How far logits may be off, in units of the largest one: the contestants must compute the same function. */
const TOLERANCE = { f32: 1e-3, bf16: 0.1 }

/**
 * context: { contestants, calibrators, options, material, env, peak, progress }. The result holds an entry for
 * each task and contestant: its median rate and all rounds, or why there is none.
 */
export async function measureModel(context, model, tasks) {
  const { options, progress, peak } = context
  const children = new Map()
  const entries = entriesOf(context, model, tasks)
  try {
    for (const entry of entries) await attempt(context, entry, () => prepare(context, entry, model, children))
    for (const task of tasks)
      compareLogits(
        context,
        entries.filter(({ result }) => result.task === task),
      )
    for (let round = 1; round <= options.rounds; round++) {
      progress(
        `${model.name}, ${tasks.map((task) => describeTask(task, model)).join(' and ')}: round ${round}`,
      )
      for (const entry of entries) {
        await attempt(context, entry, () => takeTurn(entry, options.seconds[entry.result.task]))
      }
      if (round === 1) await peak.measure()
    }
    return entries.map((entry) => finish(entry, model))
  } finally {
    await Promise.all([...children.values()].map((child) => child.stop()))
  }
}

export function describeTask(task, { batch }) {
  return { training: `training, batch ${batch}`, one: 'one image', thousand: '1,000 images' }[task]
}

function entriesOf({ contestants }, model, tasks) {
  return tasks.flatMap((task) =>
    contestants
      .filter((contestant) => !contestant.infersOnly || task !== 'training')
      .map((contestant) => {
        const { id, title } = contestant
        const missing = contestant.cannot?.(model.name, task) ?? null
        return { contestant, result: { model: model.name, task, id, title, missing, rounds: [] } }
      }),
  )
}

/** Does it unless the entry has failed before; a failure is the entry's result, and the others go on. */
async function attempt(context, entry, work) {
  if (entry.result.missing) return
  try {
    await work()
  } catch (error) {
    fail(context, entry, error.message)
  }
}

function fail({ progress }, { result }, message) {
  Object.assign(result, { missing: message, failed: true })
  progress(`${result.title} failed: ${message}`)
}

async function prepare(context, entry, model, children) {
  const { material, options, progress, calibrators } = context
  const { contestant, result } = entry
  const { task } = result
  const { name, batch, pixels } = model
  const { folder } = material
  const request = {
    model: name,
    batch,
    pixels,
    task,
    folder,
    threads: options.threads,
    ...contestant.request,
  }
  if (contestant.calibrates) {
    progress(`${name}, ${describeTask(task, model)}: trying the modes of ${contestant.title}`)
    const seconds = options.seconds[task] / 3
    const { modes } = await calibrators[contestant.id].ask('calibrate', { ...request, seconds })
    result.modes = modes.map(({ name, rate, failed }) => ({ name, rate, failed }))
    request.mode = modes.reduce((best, mode) => ((mode.rate ?? 0) > (best.rate ?? 0) ? mode : best))
  }
  entry.child = children.get(contestant.id) ?? contestant.open(context.env)
  children.set(contestant.id, entry.child)
  const { mode, precision, version, logits } = await entry.child.ask('prepare', request)
  result.mode = mode ?? request.mode.name
  result.precision = precision ?? request.mode?.precision ?? 'f32'
  result.version = version
  entry.logits = logits
}

/** All must give the logits that the first in f32 gives, which is Atelier. */
function compareLogits(context, entries) {
  const giving = entries.filter(({ logits }) => logits)
  const reference = giving.find(({ result }) => result.precision === 'f32')?.logits ?? giving[0]?.logits
  for (const entry of giving) {
    const { logits, result } = entry
    const size = Math.max(...reference.map(Math.abs))
    const error = Math.max(...logits.map((logit, i) => Math.abs(logit - reference[i]))) / size
    // Written so that NaN fails.
    if (!(error <= TOLERANCE[result.precision])) {
      const message = `its logits are off by ${error.toPrecision(2)} of the largest: not the same model`
      fail(context, entry, message)
    }
  }
}

async function takeTurn({ child, result }, seconds) {
  await pause(PAUSE_MS)
  result.rounds.push(await child.ask('run', { task: result.task, seconds }))
}

function finish({ result, child }, model) {
  const { rounds, ...about } = result
  if (result.missing) return about
  const rates = rounds.map(({ images, seconds }) => images / seconds)
  return {
    ...about,
    rounds: rounds.map(({ images, seconds }) => ({ images, seconds })),
    rate: median(rates),
    lowest: Math.min(...rates),
    highest: Math.max(...rates),
    flops: flopsPerImage(model.graph, result.task) * median(rates),
    peakMemory: child.peakMemory(),
    ...(rounds[0].lateness && whileTraining(rounds)),
  }
}

/** Whether the event loop stays free (in milliseconds), and the share of the time spent waiting for batches. */
function whileTraining(rounds) {
  const late = rounds.flatMap(({ lateness }) => lateness)
  return {
    waitingForData: median(rounds.map(({ waited, seconds }) => waited / seconds)),
    timerLateness: { median: median(late), p99: quantile(late, 0.99), worst: Math.max(...late) },
  }
}
