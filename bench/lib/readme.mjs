// The latest results stand in bench/README.md between two markers.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../scripts/lib/shell.mjs'

const README = join(root, 'bench', 'README.md')
const [BEGIN, END] = ['<!-- results: written by npm run bench -- --write -->', '<!-- end of results -->']

export function writeResults(text) {
  const readme = readFileSync(README, 'utf8')
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)]
  if (begin < 0 || end < begin) {
    throw new Error(`bench/README.md: expected the lines ${BEGIN} and ${END}, in which the results belong`)
  }
  const temporary = `${README}.${process.pid}`
  writeFileSync(temporary, `${readme.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${readme.slice(end)}`)
  renameSync(temporary, README)
}
