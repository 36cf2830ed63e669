// Parts of the documentation that commands write, each between two lines that say so.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, writeWhole } from './shell.mjs'

export interface Part {
  /** The page's path below the root. */
  readonly page: string
  readonly begin: string
  readonly end: string
}

/** Puts Markdown between the lines `begin` and `end` of a page. */
export function writePart({ page, begin, end }: Part, text: string): void {
  const path = join(root, page)
  const before = readFileSync(path, 'utf8')
  const [first, last] = [before.indexOf(begin), before.indexOf(end)]
  if (first < 0 || last < first) {
    throw new Error(`${page}: expected the lines ${begin} and ${end}, between which it belongs`)
  }
  writeWhole(path, `${before.slice(0, first + begin.length)}\n\n${text}\n\n${before.slice(last)}`)
}
