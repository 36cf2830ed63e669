import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { atelier } from '../../../test/support/command-line.js'
import { temporaryFolder } from '../../../test/support/folder.js'
import { writeDataset } from '../../../test/support/idx.js'
import { reportedRun } from '../../../test/support/reported-run.js'

describe('atelier report', () => {
  it('writes the page into the folder of the run, and says where', async () => {
    const { run } = await reportedRun(await temporaryFolder())
    const file = join(run.directory, 'report.html')
    expect(await atelier('report', run.directory, '--engine', 'reference')).toEqual({
      code: 0,
      stdout: `${file}\n`,
      stderr: '',
    })
    expect((await stat(file)).size).toBeGreaterThan(10_000)
  })

  it('writes page and plots where they are wanted', async () => {
    const folder = await temporaryFolder()
    const { run } = await reportedRun(folder)
    const [out, plots] = [join(folder, 'page.html'), join(folder, 'plots')]
    const { code, stdout } = await atelier(
      'report',
      run.directory,
      '--out',
      out,
      '--plots',
      plots,
      '--engine',
      'reference',
      '--json',
    )
    expect(code).toBe(0)
    const answer = JSON.parse(stdout)
    expect(answer).toMatchObject({ run: run.directory, file: out })
    expect(answer.plots).toContain(join(plots, 'confusion.svg'))
    expect(await readFile(answer.plots[0], 'utf8')).toMatch(/^<svg /)
  })

  it('refuses a format of plots without a folder for them', async () => {
    const { code, stderr } = await atelier('report', 'anywhere', '--plot-format', 'png')
    expect([code, stderr]).toEqual([
      2,
      '--plot-format: expected --plots with a folder beside it, received none\n',
    ])
  })
})

describe('a training', () => {
  const train = async (out: string) => {
    const folder = await temporaryFolder()
    const data = join(folder, 'data')
    await writeDataset(data, { trainCount: 64, testCount: 32 })
    const options = ['--epochs', '1', '--engine', 'reference', '--data', data, '--out', join(folder, out)]
    return { ...(await atelier('train', 'nn', ...options)), run: join(folder, out) }
  }

  it('ends with a report', async () => {
    const { code, stderr, run } = await train('run')
    expect(code).toBe(0)
    expect(stderr).toContain(`Report: ${join(run, 'report.html')}\n`)
    expect(await readFile(join(run, 'report.html'), 'utf8')).toContain(
      '<title>nn, recipe quick, seed 1</title>',
    )
  })
})
