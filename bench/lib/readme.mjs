// The latest results stand in a page of the documentation, between two markers.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../scripts/lib/shell.mjs'

/** Where the results of `npm run bench` stand. */
export const COMPARISON = {
  page: 'bench/README.md',
  begin: '<!-- results: written by npm run bench -- --write -->',
  end: '<!-- end of results -->',
}
/** Where those of `bench/serve.mjs` stand. */
export const SERVING = {
  page: 'docs/api.md',
  begin: '<!-- load: written by node bench/serve.mjs --write -->',
  end: '<!-- end of load -->',
}

export function writeResults({ page, begin, end }, text) {
  const path = join(root, page)
  const before = readFileSync(path, 'utf8')
  const [first, last] = [before.indexOf(begin), before.indexOf(end)]
  if (first < 0 || last < first) {
    throw new Error(`${page}: expected the lines ${begin} and ${end}, in which the results belong`)
  }
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, `${before.slice(0, first + begin.length)}\n\n${text}\n\n${before.slice(last)}`)
  renameSync(temporary, path)
}
