/** What a run's folder tells of how good it is, as far as it can be read: one damaged run must not hide the others. */
import { type RunMetrics, readMetrics } from '../evaluate/score.js'
import { type EpochRow, readHistory } from '../runs/history.js'
import type { RunFolder } from '../runs/run-folder.js'

export const historyOf = (run: RunFolder): Promise<readonly EpochRow[]> => readHistory(run).catch(() => [])

export const metricsOf = (run: RunFolder): Promise<RunMetrics | null> => readMetrics(run).catch(() => null)
