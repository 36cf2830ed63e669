/** When a training writes its checkpoint: often enough that little is lost, so rarely that it costs little. */

import type { Checkpoint } from '../runs/formats/checkpoint.js'
import { diverged, nonFiniteOf } from './diverged.js'
import type { TrainingPrograms } from './programs.js'
import type { TrainingStore } from './store.js'

/** How far a training has come. */
type Progress = Omit<Checkpoint, 'values'>

const INTERVAL_SECONDS = 60
/** At an epoch's end a checkpoint is worth it when it takes less than this share of the time since the last. */
const SHARE = 0.03

export class Checkpoints {
  private savedAt = performance.now()
  /** That the last one took; 0 before the first. */
  private seconds = 0

  constructor(
    private readonly store: TrainingStore,
    private readonly programs: TrainingPrograms,
  ) {}

  /** The run's last one, or null where it was stopped before its first. */
  load(): Promise<Checkpoint | null> {
    return this.store.loadCheckpoint(this.programs.state)
  }

  /** @throws AtelierError for weights that are NaN or infinite, and for a run taken away: the last good checkpoint stays. */
  async save({ position, history, best }: Progress): Promise<void> {
    const start = performance.now()
    const { store, programs } = this
    const values = await programs.readState()
    const broken = nonFiniteOf(values)
    if (broken !== null) {
      const where = `Epoch ${position.epoch + 1}, after step ${position.step}`
      throw diverged(store, where, 'finite weights', `NaN or infinity in ${broken}`)
    }
    await store.check()
    await store.saveCheckpoint({ values, position, history, best }, programs.state)
    this.savedAt = performance.now()
    this.seconds = (this.savedAt - start) / 1000
  }

  saveWhenDue(progress: Progress): Promise<void> {
    return this.saveAfter(INTERVAL_SECONDS, progress)
  }

  saveAtEpochEnd(progress: Progress): Promise<void> {
    return this.saveAfter(this.seconds / SHARE, progress)
  }

  private async saveAfter(seconds: number, progress: Progress): Promise<void> {
    if ((performance.now() - this.savedAt) / 1000 >= seconds) await this.save(progress)
  }
}
