import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { atelier } from '../../../test/support/command-line.js'
import { temporaryFolder } from '../../../test/support/folder.js'
import { writeDataset } from '../../../test/support/idx.js'
import { finishedRun } from '../../../test/support/run.js'
import { studyNames } from '../../models/names.js'
import { writeWeights } from '../../runs/weights.js'
import { initializeWeights } from '../../train/initialize.js'

/** Two runs of other weights on the same data. */
async function twoRuns() {
  const folder = await temporaryFolder()
  const { run: first } = await finishedRun(join(folder, 'first'), { holdOut: 0 })
  const { run: second } = await finishedRun(join(folder, 'second'), { holdOut: 0 })
  await writeWeights(second, 'model', initializeWeights(second.graph, 2))
  return { folder, runs: [first.directory, second.directory] as const }
}

describe('compare', () => {
  it('answers with stable keys, and draws the differences', async () => {
    const { folder, runs } = await twoRuns()
    const picture = join(folder, 'differences.png')
    const args = ['compare', ...runs, 'published', '--engine', 'reference', '--json', '--show', picture]
    const { code, stdout, stderr } = await atelier(...args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const answer = JSON.parse(stdout)
    expect(Object.keys(answer)).toEqual([
      'data',
      'engine',
      'n',
      'runs',
      'published',
      'pairs',
      'show',
      'plots',
    ])
    expect(answer).toMatchObject({ n: 30, engine: 'reference', show: picture })
    expect(answer.runs.map(({ id, run }: Record<string, string>) => [id, run])).toEqual([
      ['A', runs[0]],
      ['B', runs[1]],
    ])
    // Neither is one of the study's models, so all of these are there.
    expect(answer.published.map(({ model }: Record<string, string>) => model)).toEqual([...studyNames])
    const [{ difference, onlyFirstRight, onlySecondRight }] = answer.pairs
    expect(difference).toBeCloseTo((onlyFirstRight.length - onlySecondRight.length) / 30, 12)
    expect(difference).toBeCloseTo(answer.runs[0].testAccuracy - answer.runs[1].testAccuracy, 12)
    expect((await stat(picture)).size).toBeGreaterThan(0)
  })

  it('prints the same for people, and warns of other data', async () => {
    const { folder, runs } = await twoRuns()
    const data = join(folder, 'others')
    await writeDataset(data, { trainCount: 60, testCount: 20, height: 4, width: 4, classes: 3, seed: 2 })
    const { stdout, stderr } = await atelier('compare', ...runs, '--engine', 'reference', '--data', data)
    expect(stdout).toMatch(/^A {2}linear +quick +51 /m)
    expect(stdout).toMatch(/^On the same 20 test images, in points$/m)
    expect(stderr.match(/was trained on other data/g)).toHaveLength(2)
  })

  it('needs two to compare, and two runs to draw', async () => {
    const { runs } = await twoRuns()
    expect(await atelier('compare', runs[0])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^compare: expected two or more to compare, received .*Add another run/),
    })
    expect(await atelier('compare', runs[0], 'published', '--show', 'x.png')).toMatchObject({
      code: 2,
      stderr: '--show: expected two runs to draw the differences of, received 1\n',
    })
  })

  it('writes the learning curves of all runs into the same plots', async () => {
    const { folder, runs } = await twoRuns()
    const rows = ['1,0.9,0.5,,,0.001,100,1', '2,0.6,0.7,0.5,0.8,0.001,100,1']
    const header = 'epoch,loss,accuracy,val_loss,val_accuracy,learning_rate,images_per_second,seconds'
    for (const run of runs) await writeFile(join(run, 'history.csv'), [header, ...rows, ''].join('\n'))
    const plots = join(folder, 'plots')
    const args = ['compare', ...runs, '--engine', 'reference', '--plots', plots]
    const { code, stderr } = await atelier(...args)
    const files = ['loss.svg', 'accuracy.svg'].map((name) => join(plots, name))
    expect({ code, stderr }).toEqual({ code: 0, stderr: `Learning curves: ${files.join(', ')}\n` })
    const svg = await readFile(join(plots, 'accuracy.svg'), 'utf8')
    expect(svg).toMatch(
      /^<svg role="img" aria-label="Accuracy of training by epoch: A linear 70 % after 2, B linear/,
    )
    expect(svg).toMatch(/>A linear<.*>B linear</s)
    expect(await atelier('compare', 'published', 'published', '--plots', plots)).toMatchObject({
      code: 2,
      stderr: '--plots: expected 1 to 5 runs to draw, received 0\n',
    })
  })

  it("shows the study's figures alone", async () => {
    const { code, stdout } = await atelier('compare', 'published', 'published')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ +resnet50 +study +26,313,218 +800 +- +99\.04 +- +92\.61$/m)
  })
})
