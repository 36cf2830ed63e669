/** What a run's folder tells of how good it is, as far as it can be read: one damaged run must not hide the others. */

import type { EpochRow } from '../runs/formats/history.js'
import type { Metrics } from '../runs/formats/metrics.js'
import { readHistory } from '../runs/history.js'
import { readMetrics } from '../runs/read-metrics.js'
import type { RunFolder } from '../runs/run-folder.js'

export const historyOf = (run: RunFolder): Promise<readonly EpochRow[]> => readHistory(run).catch(() => [])

export const metricsOf = (run: RunFolder): Promise<Metrics | null> => readMetrics(run).catch(() => null)
