/** The report at a run's end: a failure to write it is told, and costs nothing else. */

import { messageOf } from '../core/errors.js'
import { atelierCommand } from '../core/shell.js'
import type { Dataset } from '../data/dataset.js'
import type { Engine } from '../engine/engine.js'
import type { RunFolder } from '../runs/run-folder.js'

/** Writes the report of a run that has just been scored. */
export async function reportAtEnd(run: RunFolder, dataset: Dataset, engine: Engine): Promise<void> {
  await orWarn(atelierCommand('report', run.directory), async () => {
    const [{ writeReport }, { trainedRun }] = await Promise.all([
      import('../report/report.js'),
      import('../runs/trained-model.js'),
    ])
    return (await writeReport({ run: await trainedRun(run), dataset, engine })).file
  })
}

/** Writes a report and says where it is; what fails is a warning with the command to try again. */
export async function orWarn(again: string, write: () => Promise<string>): Promise<void> {
  try {
    process.stderr.write(`Report: ${await write()}\n`)
  } catch (error) {
    process.stderr.write(`The report was not written: ${messageOf(error)}. Try again with: ${again}\n`)
  }
}
