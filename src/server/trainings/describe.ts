/** Trainings as the API tells of them. */
import type { EpochRow } from '../../runs/formats/history.js'
import type { TrainingProgress } from '../../train/progress.js'
import { openOwnRun } from '../models/own-files.js'
import { historyOf, metricsOf } from '../run-figures.js'
import type { Training, TrainingDetail } from '../schemas/trainings.js'
import { readLog } from './process.js'
import type { Entry } from './store.js'

/** Where what is told of a training comes from. */
export interface TrainingPlaces {
  /** Of its run, which need not be there. */
  readonly directory: string
  readonly log: string
  readonly progress: TrainingProgress | null
}

/** A training with what its run's folder tells, as far as it can be read: one must not hide the others. */
export async function describeTraining(entry: Entry, places: TrainingPlaces): Promise<Training> {
  return (await read(entry, places)).training
}

export async function detailTraining(entry: Entry, places: TrainingPlaces): Promise<TrainingDetail> {
  const [{ training, history }, log] = await Promise.all([read(entry, places), readLog(places.log)])
  return { ...training, history: [...history], log }
}

async function read(
  entry: Entry,
  { directory, progress }: TrainingPlaces,
): Promise<{ readonly training: Training; readonly history: readonly EpochRow[] }> {
  const { pid: _, ownsRun, ...told } = entry
  const run = ownsRun ? await openOwnRun(directory) : null
  const [history, metrics] = run === null ? [[], null] : await Promise.all([historyOf(run), metricsOf(run)])
  const testAccuracy = metrics?.test?.accuracy ?? null
  return { training: { ...told, epochsDone: history.at(-1)?.epoch ?? 0, progress, testAccuracy }, history }
}
