import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { writeDataset } from '../../test/support/idx.js'
import { reportedRun } from '../../test/support/reported-run.js'
import { loadDataset } from '../data/dataset.js'
import { pathIn } from '../runs/run-folder.js'
import { learningRateAt } from '../train/schedule.js'
import { gatherContent } from './content.js'
import { writeReport } from './report.js'

const headings = [
  'Summary',
  'Learning curves',
  'Confusion matrix',
  'Classes',
  'Confidence',
  'Most confident mistakes',
  'What the model saw',
  'First-layer filters',
  'Hardware and timing',
]
const headingsOf = (page: string): string[] =>
  Array.from(page.matchAll(/<h2 id="\w+">([^<]+)<\/h2>/g), ([, text]) => text as string)

describe('writeReport', () => {
  it('writes one page that needs no other file, the same every time', async () => {
    const { run, dataset, engine } = await reportedRun(await temporaryFolder())
    const { file, plots } = await writeReport({ run, dataset, engine })
    expect([file, plots]).toEqual([join(run.directory, 'report.html'), []])
    const page = await readFile(file, 'utf8')
    expect(headingsOf(page)).toEqual(headings)
    expect(page).not.toMatch(/NaN|undefined|\[object/)
    const addresses = page.match(/https?:[^"' )]+/g) ?? []
    expect([...new Set(addresses)].sort()).toEqual([
      'http://www.w3.org/1999/xlink',
      'http://www.w3.org/2000/svg',
    ])
    // Every colour of a plot follows the theme.
    expect(page.match(/<(?:path|text)[^>]*="#[^"]*"/g)).toBeNull()
    await writeReport({ run, dataset, engine })
    expect(await readFile(file, 'utf8')).toBe(page)
  })

  it('shows every wrong image once and its cell in the matrix', async () => {
    const { run, dataset, engine } = await reportedRun(await temporaryFolder())
    const out = join(run.directory, 'pages', 'small.html')
    const { file } = await writeReport({ run, dataset, engine, out })
    expect(file).toBe(out)
    const page = await readFile(out, 'utf8')
    const json = /<script type="application\/json" id="cells">([^<]*)</.exec(page)?.[1] as string
    const { cells } = JSON.parse(json) as {
      cells: { label: number; predicted: number; count: number; images: number[][] }[]
    }
    const wrong = cells.filter(({ label, predicted }) => label !== predicted)
    const indices = wrong.flatMap(({ images }) => images.map(([index]) => index as number))
    const { test } = await gatherContent(run, dataset, engine)
    expect(new Set(indices).size).toBe(test.n - test.correct)
    expect(indices).toHaveLength(test.n - test.correct)
    const buttons = Array.from(page.matchAll(/data-cell="(\d+)"[^>]*>(\d+)</g), ([, cell, count]) => [
      cell,
      count,
    ])
    expect(buttons).toEqual(cells.map(({ count }, i) => [String(i), String(count)]))
  })

  it.each(['svg', 'png'] as const)('writes every plot as %s', async (format) => {
    const { run, dataset, engine } = await reportedRun(await temporaryFolder())
    const directory = join(run.directory, 'plots')
    const { plots } = await writeReport({ run, dataset, engine, plots: { directory, format } })
    const names = ['loss', 'accuracy', 'learning-rate', 'confusion', 'classes', 'reliability', 'confidence']
    expect(plots).toEqual(names.map((name) => join(directory, `${name}.${format}`)))
    expect(await readdir(directory)).toHaveLength(names.length)
    for (const file of plots) {
      const { format: found, width = 0 } = await sharp(file).metadata()
      expect([found, width >= 400]).toEqual([format, true])
      // On white without a gap, and not blank.
      const { channels, isOpaque } = await sharp(file).stats()
      expect([isOpaque, ...channels.slice(0, 3).map(({ max }) => max)]).toEqual([true, 255, 255, 255])
      expect(Math.min(...channels.slice(0, 3).map(({ min }) => min))).toBeLessThan(150)
    }
  })

  it('takes the learning rate of every step from the schedule', async () => {
    const { run, dataset, engine } = await reportedRun(await temporaryFolder())
    const { recipe } = run.record
    const { rates } = await gatherContent(run, dataset, engine)
    // 100 images in batches of 32, 3 epochs.
    expect(rates).toHaveLength(12)
    expect(rates).toEqual(
      Array.from({ length: 12 }, (_, step) => [(step + 1) / 4, learningRateAt(recipe, step, 12)]),
    )
  })

  it('does without a history, without augmentation and with classes that no image has', async () => {
    const options = { classes: 3, testCount: 2, recipe: { augmentation: null, holdOut: 0 } }
    const { run, dataset, engine } = await reportedRun(await temporaryFolder(), options)
    await rm(pathIn(run, 'history'))
    const { file } = await writeReport({ run, dataset, engine })
    const page = await readFile(file, 'utf8')
    expect(headingsOf(page)).toEqual(headings)
    expect(page).not.toMatch(/NaN|undefined/)
  })

  it('refuses other data than those of the run', async () => {
    const folder = await temporaryFolder()
    const { run, engine } = await reportedRun(folder)
    const other = join(folder, 'other')
    await writeDataset(other, { trainCount: 120, testCount: 200, height: 8, width: 8, seed: 2 })
    const wrong = writeReport({ run, dataset: await loadDataset({ data: other }), engine })
    await expect(wrong).rejects.toThrow(/expected the run's own data, received other bytes\. .*--data$/)
  })
})
