/** Trainings that are started at the same moment share no run. */
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Held, Row, Trial } from '../lib/row.js'
import { atelier, differenceOf, type Ending } from '../lib/training.js'

/** A second of training, so that the others come while it lasts. */
const TRAINING = [
  ...['train', 'nn', '--limit', '2000', '--set', 'holdOut=500', '--set', 'epochs=20', '--threads', '1'],
]
/** Of `runs/nn-quick-seed1`, `-2`, ... */
const RUNS = 'runs'

export const together: Row = {
  name: 'together',
  title:
    'in turn two and eight trainings are started at the same moment in one working directory, then eight into one `--out`, then eight that resume one run. Each run must be trained by one process alone, to the files of a training by itself; the others are refused in words for users',
  rounds: 40,
  unit: 'rounds',
  run: startTogether,
}

interface Kind {
  readonly title: string
  readonly processes: number
  readonly args: readonly string[]
  /** How many of them train. */
  readonly succeed: number
}

const kinds: readonly Kind[] = [
  { title: 'two by themselves', processes: 2, args: TRAINING, succeed: 2 },
  { title: 'eight by themselves', processes: 8, args: TRAINING, succeed: 8 },
  { title: 'eight into one folder', processes: 8, args: [...TRAINING, '--out', 'runs/one'], succeed: 1 },
  { title: 'eight resume one', processes: 8, args: ['train', '--resume', 'runs/one'], succeed: 1 },
]

async function startTogether({ rounds, folder, progress }: Trial): Promise<Held> {
  const whole = join(folder, 'whole')
  const alone = await atelier([...TRAINING, '--out', whole])
  if (alone.code !== 0) throw new Error(`The training by itself failed: ${alone.stderr}`)
  const failures: string[] = []
  const total = { trained: 0, refused: 0 }
  for (let round = 1; round <= rounds; round++) {
    const kind = kinds[(round - 1) % kinds.length] as Kind
    const cwd = join(folder, `round-${round}`)
    const endings = await startRound(kind, cwd, whole)
    const trained = endings.filter(({ code }) => code === 0).length
    const refused = endings.filter(isRefused).length
    total.trained += trained
    total.refused += refused
    const where = `round ${round}, ${kind.title}: ${trained} trained, ${refused} refused`
    const failure =
      trained === kind.succeed && trained + refused === kind.processes
        ? await wrongRun(kind, join(cwd, RUNS), whole)
        : endings.map(lastLine).join(' | ')
    if (failure !== null) failures.push(`${where}: ${failure}`)
    progress(failure === null ? where : `${where}: ${failure}`)
  }
  const seen = `${total.trained} processes trained, ${total.refused} were refused`
  return { held: rounds - failures.length, rounds, seen, failures }
}

function startRound(kind: Kind, cwd: string, whole: string): Promise<Ending[]> {
  mkdirSync(cwd)
  if (kind.args.includes('--resume')) {
    mkdirSync(join(cwd, RUNS, 'one'), { recursive: true })
    copyFileSync(join(whole, 'run.json'), join(cwd, RUNS, 'one', 'run.json'))
  }
  return Promise.all(Array.from({ length: kind.processes }, () => atelier(kind.args, { cwd })))
}

/** In what the runs are not as many as they must be, or not as one that is trained by itself; null: in nothing. */
async function wrongRun(kind: Kind, folder: string, whole: string): Promise<string | null> {
  const runs = readdirSync(folder)
  if (runs.length !== kind.succeed) return `${runs.length} folders: ${runs.join(', ')}`
  for (const run of runs) {
    const difference = await differenceOf(join(folder, run), whole)
    if (difference !== null) return `${run}: ${difference}`
  }
  return null
}

const isRefused = ({ code, stderr }: Ending): boolean =>
  (code === 1 || code === 2) && /: expected .*, received /.test(stderr) && !stderr.includes('Unexpected')

const lastLine = ({ code, stderr }: Ending): string => `${code} ${stderr.trim().split('\n').at(-1)}`
