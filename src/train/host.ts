/** What a training needs of where it runs. */
import type { StartBatchThread } from '../data/batch-thread.js'
import type { TrainedModel } from '../runs/trained-model.js'

export interface TrainingHost {
  readonly startBatchThread: StartBatchThread
  /** A trained model by the name that a recipe gives its teacher. */
  readonly openTeacher: (model: string) => Promise<TeacherModel>
}

export type TeacherModel = Pick<TrainedModel, 'graph' | 'scaling' | 'readWeights'>
