/** `kill -9` at any moment of a training, from its first instant to its last, loses nothing. */
import { mkdirSync, watch } from 'node:fs'
import { join } from 'node:path'
import { randomOf } from '../../bench/lib/random.js'
import type { Held, Row, Trial } from '../lib/row.js'
import {
  differenceOf,
  goOn,
  SHORT_TRAINING,
  type Stage,
  stageOf,
  stages,
  start,
  trainWhole,
} from '../lib/training.js'

export const kill: Row = {
  name: 'kill',
  title:
    'a training is killed by `kill -9`, in turn at a moment and at a change in its folder, both drawn at random; then it is resumed, or begun anew where it had not begun. Its files must be those of a training that nobody disturbed, to the byte, times aside',
  rounds: 100,
  unit: 'rounds',
  run: killAgainAndAgain,
}

/** When a process is killed: after so many seconds, or at the so-manieth change in its folder. */
type Moment = { readonly seconds: number } | { readonly change: number }

async function killAgainAndAgain({ rounds, seed, folder, progress }: Trial): Promise<Held> {
  const random = randomOf(seed)
  const whole = join(folder, 'whole')
  const changes = changesIn(whole)
  const { seconds } = await trainWhole(whole)
  const stagesSeen = new Map<Stage, number>()
  const failures: string[] = []
  for (let round = 1; round <= rounds; round++) {
    const moment =
      round % 2 === 0
        ? { change: 1 + Math.floor(random() * changes.count()) }
        : { seconds: random() * seconds }
    const run = join(folder, `killed-${round}`)
    const stage = await killAt(run, moment)
    stagesSeen.set(stage, (stagesSeen.get(stage) ?? 0) + 1)
    const failure = (await goOn(run, stage)) ?? (await differenceOf(run, whole))
    const where = `round ${round}, killed at ${JSON.stringify(moment)} (${stage})`
    if (failure !== null) failures.push(`${where}: ${failure}`)
    progress(`${where}: ${failure ?? 'the same bytes'}`)
  }
  changes.stop()
  const counts = stages.map((stage) => `${stage} ${stagesSeen.get(stage) ?? 0}`)
  const seen = `killed in ${counts.join(', ')} (times)`
  return { held: rounds - failures.length, rounds, seen, failures }
}

/** Counts what happens to the files of a folder, which it makes. */
function changesIn(folder: string, onChange: (count: number) => void = () => {}) {
  mkdirSync(folder)
  let count = 0
  const watcher = watch(folder, () => onChange(++count))
  return { count: () => count, stop: () => watcher.close() }
}

async function killAt(run: string, moment: Moment): Promise<Stage> {
  const changes = changesIn(run, (count) => {
    if ('change' in moment && count === moment.change) training.child.kill('SIGKILL')
  })
  const training = start([...SHORT_TRAINING, '--out', run])
  const timer =
    'seconds' in moment ? setTimeout(() => training.child.kill('SIGKILL'), 1000 * moment.seconds) : undefined
  await training.ending
  clearTimeout(timer)
  changes.stop()
  return stageOf(run)
}
