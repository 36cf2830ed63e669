/** Trainings on Node: worker threads, and teachers from runs and released weights. */
import { startBatchThread } from '../data/node-batch-thread.js'
import { openTrained } from '../runs/open-trained.js'
import type { TrainingHost } from './host.js'

export const nodeHost: TrainingHost = { startBatchThread, openTeacher: (model) => openTrained(model) }
