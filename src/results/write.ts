/** RESULTS.md of the records and releases below a folder. */
import { join } from 'node:path'
import { writeFileAtomically } from '../core/files.js'
import { RESULTS_FILE } from './files.js'
import { groupRecords } from './groups.js'
import { renderResults } from './page.js'
import { readRecords } from './record.js'
import { readReleased } from './released.js'

/** What RESULTS.md has to say. */
export async function resultsPage(root: string): Promise<string> {
  return renderResults(groupRecords(await readRecords(root)), await readReleased(root))
}

/** Writes it, and returns its path. */
export async function writeResults(root: string): Promise<string> {
  const file = join(root, RESULTS_FILE)
  await writeFileAtomically(file, await resultsPage(root))
  return file
}
