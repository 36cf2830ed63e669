/** The benchmark in its smallest form: one model, one short round, no peer. What it measures here is worth nothing. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { loadAddon } from '../../src/engine/native/addon.js'
import { temporaryFolder } from '../support/folder.js'

it.skipIf(loadAddon().addon === null)('measures Atelier at every task, to its tables', async () => {
  const json = join(await temporaryFolder(), 'report.json')
  const smallest = ['--quick', '--models', 'nn', '--rounds', '1', '--peers', 'none', '--json', json]
  const { stdout } = await promisify(execFile)('node_modules/.bin/jiti', ['bench/main.ts', ...smallest])
  const tasks = ['Training', 'Inference of one image', 'Inference of 1,000 images']
  for (const title of ['At a glance', 'In WebAssembly', ...tasks]) {
    expect(stdout).toContain(`#### ${title}\n`)
  }
  expect(stdout).toMatch(/^\| nn, batch 32 +\| Atelier +\|/m)
  const { results } = JSON.parse(await readFile(json, 'utf8'))
  for (const engine of ['atelier', 'atelier-wasm']) {
    const own = results.filter(({ id }: { id: string }) => id === engine)
    expect(own.map(({ task }: { task: string }) => task)).toEqual(['training', 'one', 'thousand'])
    for (const { measured } of own) expect(measured.rate).toBeGreaterThan(0)
  }
})
