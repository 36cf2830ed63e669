/** What the command says of the released weights, in any clone, is the figure that RESULTS.md gives. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadAddon } from '../../src/engine/native/addon.js'
import { modelNames } from '../../src/models/names.js'
import { atelier } from '../support/command-line.js'

/** Images of the 10,000 by which other processors may differ. */
const TOLERANCE = 2
const page = readFileSync('RESULTS.md', 'utf8')

describe.skipIf(loadAddon().addon === null)('atelier evaluate', () => {
  it.each(modelNames)('%s', async (model) => {
    const row = new RegExp(`^\\| \\[released weights\\]\\(pretrained/${model}/.*?\\| ([\\d.]+) % \\|`, 'm')
    const percent = Number(row.exec(page)?.[1])
    const { code, stdout, stderr } = await atelier('evaluate', model, '--json')
    expect(code, stderr).toBe(0)
    const { n, correct } = JSON.parse(stdout) as { n: number; correct: number }
    expect(n).toBe(10_000)
    expect(Math.abs(correct - 100 * percent)).toBeLessThanOrEqual(TOLERANCE)
  })
})
