/** A disk that is full, may not be written or stops being writable under a training costs no more than the last epochs. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Random, randomOf } from '../../bench/lib/random.js'
import type { Outcome, Row, Trial } from '../lib/row.js'
import { differenceOf, goOn, SHORT_TRAINING, stageOf, start, trainWhole } from '../lib/training.js'

export const disk: Row = {
  name: 'disk',
  title:
    'a training writes to a small disk of its own (tmpfs) that, in turn, is too small by a drawn size, may not be written, or stops being writable at a drawn moment. It must end with one line for users that names the disk; with room, or the right to write, it goes on to the very bytes of a training that nobody disturbed',
  rounds: 100,
  unit: 'rounds',
  run: fillAgainAndAgain,
}

/** Bytes that are room enough for any run. */
const ROOMY = 64 * 2 ** 20

const mount = (...args: string[]): boolean => spawnSync('mount', args, { stdio: 'ignore' }).status === 0
const remount = (disk: string, options: string): boolean => mount('-o', `remount,${options}`, disk)

interface Trouble {
  readonly what: string
  /** Of the disk at its mounting. */
  readonly options: string
  /** Seconds after which the disk may be written no more. */
  readonly protectAfter?: number
}

async function fillAgainAndAgain({ rounds, seed, folder, progress }: Trial): Promise<Outcome> {
  const probe = join(folder, 'probe')
  if (!mountDisk(probe, `size=${ROOMY}`)) return { skipped: 'only root may mount small disks' }
  spawnSync('umount', [probe])
  const random = randomOf(seed)
  const whole = join(folder, 'whole')
  const { seconds } = await trainWhole(whole)
  const bytes = readdirSync(whole).reduce((sum, name) => sum + statSync(join(whole, name)).size, 0)
  const failures: string[] = []
  const seen = { stopped: 0, undisturbed: 0 }
  for (let round = 1; round <= rounds; round++) {
    const trouble = troubleOf(round, random, bytes, seconds)
    const place = join(folder, `disk-${round}`)
    const { stopped, failure } = await trainOn(place, trouble, whole)
    seen[stopped ? 'stopped' : 'undisturbed']++
    const where = `round ${round}, ${trouble.what}`
    if (failure !== null) failures.push(`${where}: ${failure}`)
    progress(`${where}: ${failure ?? (stopped ? 'stopped, then the same bytes' : 'not disturbed')}`)
  }
  return {
    held: rounds - failures.length,
    rounds,
    seen: `${seen.stopped} were stopped, ${seen.undisturbed} had written all before`,
    failures,
  }
}

function mountDisk(place: string, options: string): boolean {
  mkdirSync(place)
  return mount('-t', 'tmpfs', '-o', options, 'tmpfs', place)
}

function troubleOf(round: number, random: Random, bytes: number, seconds: number): Trouble {
  if (round % 3 === 1) {
    // Some have no room for the second copy that an atomic writing takes, some not even for run.json.
    const size = 4096 + Math.floor(random() * bytes)
    return { what: `a disk of ${size} bytes`, options: `size=${size}` }
  }
  if (round % 3 === 2) return { what: 'a disk that is read-only', options: `size=${ROOMY},ro` }
  const protectAfter = random() * seconds
  return {
    what: `a disk that is read-only after ${protectAfter.toFixed(3)} s`,
    options: `size=${ROOMY}`,
    protectAfter,
  }
}

/** Trains on a disk in trouble, mends the disk and goes on. */
async function trainOn(
  place: string,
  { options, protectAfter }: Trouble,
  whole: string,
): Promise<{ stopped: boolean; failure: string | null }> {
  if (!mountDisk(place, options)) throw new Error(`${place}: a small disk could not be mounted`)
  const run = join(place, 'run')
  try {
    const training = start([...SHORT_TRAINING, '--out', run])
    let over = false
    // Tried again while a file is being written, which the system does not interrupt.
    const protect = () => over || remount(place, 'ro') || setTimeout(protect, 1)
    if (protectAfter !== undefined) setTimeout(protect, 1000 * protectAfter)
    const { code, stderr } = await training.ending
    over = true
    const stopped = code !== 0
    const said = stderr.trim().split('\n').at(-1) ?? ''
    if (stopped && !/: expected a writable (folder|file), received /.test(said)) {
      return { stopped, failure: `exit ${code}: ${said}` }
    }
    if (!remount(place, `size=${ROOMY},rw`)) throw new Error(`${place}: could not be made writable`)
    return { stopped, failure: (await goOn(run, stageOf(run))) ?? (await differenceOf(run, whole)) }
  } finally {
    spawnSync('umount', [place])
  }
}
