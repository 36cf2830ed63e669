/** The pages that are written from records and releases, never by hand. */
import { join } from 'node:path'
import { writeFileAtomically } from '../core/files.js'
import { releaseFiles } from '../runs/released-weights.js'
import { RESULTS_FILE } from './files.js'
import { groupRecords } from './groups.js'
import { modelCard } from './model-card.js'
import { renderResults } from './page.js'
import { readRecords } from './record.js'
import { readReleased } from './released.js'

/** RESULTS.md of a folder and the model cards below its pretrained/: their texts by their paths. */
export async function resultPages(root: string): Promise<ReadonlyMap<string, string>> {
  const [records, released] = [await readRecords(root), await readReleased(root)]
  const page = renderResults(groupRecords(records), released)
  const cards = released.map(
    ({ directory, config, graph, metrics }) =>
      [join(directory, releaseFiles.card), modelCard(config, graph, metrics)] as const,
  )
  return new Map([[join(root, RESULTS_FILE), page], ...cards])
}

/** Writes them, and returns their paths. */
export async function writeResultPages(root: string): Promise<readonly string[]> {
  const pages = await resultPages(root)
  for (const [path, text] of pages) await writeFileAtomically(path, text)
  return [...pages.keys()]
}
