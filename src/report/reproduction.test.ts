import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { reportedRun } from '../../test/support/reported-run.js'
import { scoreRun } from '../evaluate/score.js'
import { readHistory } from '../runs/history.js'
import { writeReproductionReport } from './reproduction.js'

it('sets the published figures beside ours, and leads to the runs', async () => {
  const folder = await temporaryFolder()
  const { run, dataset, engine } = await reportedRun(folder, { testCount: 40 })
  const metrics = await scoreRun(run, dataset, engine, { history: await readHistory(run), seconds: 75 })
  const { test } = metrics
  const file = await writeReproductionReport(folder, [
    { model: 'nn', run, metrics },
    { model: 'cnn', run, metrics },
  ])
  expect(file).toBe(join(folder, 'report.html'))
  const page = await readFile(file, 'utf8')
  const rows = Array.from(page.matchAll(/<tr><th scope="row" class="t">([\s\S]*?)<\/tr>/g), ([, row]) =>
    (row as string).split(/<\/t[hd]>/).map((cell) => cell.replace(/<[^>]*>/g, '').replaceAll('\u00a0', ' ')),
  )
  const accuracy = 100 * test.accuracy
  const differences = [88.93, 94.72].map((published) => `−${(published - accuracy).toFixed(2)} points`)
  expect(rows.map((row) => [row[0], row[1], row[3], row[4], row[8], row[10]])).toEqual([
    ['nn', `${accuracy.toFixed(2)} %`, '88.93 %', differences[0], '20', '1 min 15 s'],
    ['cnn', `${accuracy.toFixed(2)} %`, '94.72 %', differences[1], '500', '1 min 15 s'],
  ])
  expect(page).toContain('href="run/report.html"')
  expect(page.match(/<svg /g)).toHaveLength(3)
  expect(page).not.toMatch(/NaN|undefined/)
})
