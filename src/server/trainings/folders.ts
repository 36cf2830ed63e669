/** The folders that trainings leave their runs in: whose run it is, and how far it came. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AtelierError, mismatch } from '../../core/errors.js'
import { runFiles } from '../../runs/run-folder.js'
import { foreignIn } from '../models/own-files.js'
import type { Entry } from './store.js'

export class Folders {
  constructor(private readonly runs: string) {}

  directoryOf({ id }: Pick<Entry, 'id'>): string {
    return join(this.runs, id)
  }

  isTaken(id: string): boolean {
    return existsSync(this.directoryOf({ id }))
  }

  /**
   * Takes the folder for a training that starts now, as it takes it up again where its own run is there.
   *
   * @throws AtelierError where somebody else has begun a run in it while the training waited.
   */
  claim(entry: Entry): void {
    if (!entry.ownsRun && this.holds(entry, 'record')) {
      const received = `${this.directoryOf(entry)} with a run that was begun elsewhere`
      const hint = 'Start the training anew, which gives it a folder of its own'
      throw new AtelierError(mismatch(`Training ${entry.id}`, 'a folder without a run', received, hint))
    }
    entry.ownsRun = true
  }

  /** Whether there is a run of its own to go on with. */
  hasRun(entry: Entry): boolean {
    return entry.ownsRun && this.holds(entry, 'record')
  }

  /**
   * Before a run goes on: what the process says of its files is told to clients.
   *
   * @throws AtelierError where one of them is not its own.
   */
  async checkFiles(entry: Entry): Promise<void> {
    const foreign = await foreignIn(this.directoryOf(entry))
    if (foreign === null) return
    const hint = 'Put the file itself there, then resume the training'
    const received = `${foreign}, which leads elsewhere`
    throw new AtelierError(mismatch(`Training ${entry.id}`, 'files that lie in its folder', received, hint))
  }

  /** After a process has ended: where it has made no run, one that comes later is another's. */
  release(entry: Entry): void {
    entry.ownsRun = this.hasRun(entry)
  }

  /**
   * Whether all is done but perhaps the report. A process may come to that whose server was killed, or that was asked
   * to stop while it wrote the report.
   */
  isScored(entry: Entry): boolean {
    return entry.ownsRun && this.holds(entry, 'metrics')
  }

  private holds(entry: Entry, file: keyof typeof runFiles): boolean {
    return existsSync(join(this.directoryOf(entry), runFiles[file]))
  }
}
