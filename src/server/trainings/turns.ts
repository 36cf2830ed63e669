/** Whose turn it is. Trainings stand in the order of their turns; those that are over stand first. */
import type { TrainingState } from '../schemas/trainings.js'
import type { Entry } from './store.js'

/** Those that are remembered when they are over. */
const MOST_OVER = 50

const turn: ReadonlySet<TrainingState> = new Set(['running', 'stopping', 'paused', 'interrupted'])
const over: ReadonlySet<TrainingState> = new Set(['stopped', 'failed', 'finished'])

export const isOver = ({ state }: Entry): boolean => over.has(state)

/** The one to start now; none while another has its turn. */
export function nextOf(entries: readonly Entry[]): Entry | undefined {
  if (entries.some(({ state }) => turn.has(state))) return undefined
  return entries.find(({ state }) => state === 'queued')
}

/** The one whose turn it is, the queue, then what is over, the newest first. */
export function inOrder(entries: readonly Entry[]): Entry[] {
  const live = entries.filter((entry) => !isOver(entry))
  live.sort((a, b) => Number(turn.has(b.state)) - Number(turn.has(a.state)))
  return [...live, ...entries.filter(isOver).reverse()]
}

export function withoutOldest(entries: readonly Entry[]): Entry[] {
  const ended = entries.filter(isOver)
  const forgotten = new Set(ended.slice(0, Math.max(0, ended.length - MOST_OVER)))
  return entries.filter((entry) => !forgotten.has(entry))
}
