/** A run's event files for TensorBoard: `tensorboard --logdir runs` shows them while it trains. */
import { existsSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { AtelierError, messageOf, mismatch } from '../core/errors.js'
import { createFolder } from '../core/files.js'
import type { EpochRow } from '../runs/formats/history.js'
import type { RunFolder } from '../runs/run-folder.js'
import { EVENT_FILE_VERSION, encodeRecord, type TrainingEvent } from './event-file.js'
import type { TrainingEvents } from './store.js'

/** Several trainings of a process may begin within a second. */
let opened = 0

const folderOf = (run: RunFolder): string => join(run.directory, 'tensorboard')

/** Whether the run has been writing event files: a resumed one goes on. */
export const hasEventFiles = (run: RunFolder): boolean => existsSync(folderOf(run))

/**
 * Appends scalars to a new event file of the run. Everything stands over the number of steps done: by epoch the
 * columns of history.csv under their names, and by chunk of steps `step/loss` and `step/accuracy`, the means
 * over the chunk.
 */
export class EventWriter implements TrainingEvents {
  private constructor(
    private readonly file: FileHandle,
    private readonly path: string,
  ) {}

  /** @param step - Steps done before: what an interrupted training had written of later ones is taken back. */
  static async open(run: RunFolder, step: number): Promise<EventWriter> {
    const folder = folderOf(run)
    const resumed = hasEventFiles(run)
    await createFolder(folder)
    const seconds = String(Math.floor(Date.now() / 1000)).padStart(10, '0')
    const path = join(folder, `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.${opened++}`)
    try {
      const writer = new EventWriter(await open(path, 'a'), path)
      await writer.append({ kind: 'fileVersion', version: EVENT_FILE_VERSION, step: 0 })
      if (resumed || step > 0) await writer.append({ kind: 'restart', step: step + 1 })
      return writer
    } catch (error) {
      throw explained(error, path)
    }
  }

  /** Means over a chunk of steps; `step` counts those done by its end. */
  async chunk(step: number, { loss, accuracy }: { loss: number; accuracy: number }): Promise<void> {
    await this.append({ kind: 'scalars', step, values: { 'step/loss': loss, 'step/accuracy': accuracy } })
  }

  /** An epoch's row; what it does not have is left out. */
  async epoch(step: number, row: EpochRow): Promise<void> {
    const values = Object.entries(row).filter((entry): entry is [string, number] => entry[1] !== null)
    await this.append({ kind: 'scalars', step, values: Object.fromEntries(values) })
  }

  async close(): Promise<void> {
    await this.file.close()
  }

  private async append(event: DistributedOmit<TrainingEvent, 'wallTime'>): Promise<void> {
    try {
      await this.file.appendFile(encodeRecord({ ...event, wallTime: Date.now() / 1000 }))
    } catch (error) {
      throw explained(error, this.path)
    }
  }
}

type DistributedOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

function explained(error: unknown, path: string): AtelierError {
  if (error instanceof AtelierError) return error
  return new AtelierError(mismatch(path, 'a file that can be written', messageOf(error)))
}
