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
export function writePart(part: Part, text: string): void {
  const { before, after } = around(part)
  writeWhole(join(root, part.page), `${before}\n\n${text}\n\n${after}`)
}

/** The Markdown between them. */
export const readPart = (part: Part): string => around(part).part

function around({ page, begin, end }: Part) {
  const text = readFileSync(join(root, page), 'utf8')
  const [first, last] = [text.indexOf(begin), text.indexOf(end)]
  if (first < 0 || last < first) {
    throw new Error(`${page}: expected the lines ${begin} and ${end}, between which it belongs`)
  }
  const inside = first + begin.length
  return { before: text.slice(0, inside), part: text.slice(inside, last).trim(), after: text.slice(last) }
}
