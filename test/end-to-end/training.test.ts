/**
 * The command line from outside, on the real data set: a run killed in the middle ends with the bits of one
 * that was not, and what training says is what evaluation finds.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/folder.js'
import { atelier, endAt, start } from '../support/process.js'

const model = (directory: string): Promise<Buffer> => readFile(join(directory, 'model.safetensors'))

/** Its lines without the last two columns, which are times. */
async function history(directory: string): Promise<readonly string[]> {
  const text = await readFile(join(directory, 'history.csv'), 'utf8')
  return text.split('\n').map((line) => line.split(',').slice(0, -2).join())
}

describe('a training', () => {
  it('that is killed and resumed has the very weights and history of one that was not', {
    timeout: 240_000,
  }, async () => {
    const folder = await temporaryFolder()
    const [whole, killed] = [join(folder, 'whole'), join(folder, 'killed')]
    const values = [
      'average=0.9',
      'schedule.restart=[0.25,0.5]',
      'classWeights=[1,2,1,1,0.5,1,1,1,1,3]',
      'teacher={"model":"nn","share":0.5}',
      'augmentation={"affine":null,"translate":1,"translateUntil":0.5,"horizontalFlip":"random","verticalFlip":0,"erase":null,' +
        '"paste":{"probability":0.5,"area":[0.1,0.5],"aspect":3,"after":0.5}}',
    ]
    const settings = values.flatMap((value) => ['--set', value])
    // Not the default of threads: a run resumes with those that it began with.
    const args = [
      'train',
      'dnn',
      '--epochs',
      '6',
      '--seed',
      '3',
      '--limit',
      '8000',
      '--threads',
      '1',
      ...settings,
    ]
    expect((await atelier(...args, '--out', whole)).code).toBe(0)
    await endAt(start(...args, '--out', killed), /Epoch 2\/6/, 'SIGKILL')
    expect(existsSync(join(killed, 'model.safetensors'))).toBe(false)
    const resumed = await atelier('train', '--resume', killed)
    expect(resumed.stderr).not.toMatch(/Epoch 1\/6/)
    expect(resumed.code).toBe(0)
    expect((await model(killed)).equals(await model(whole))).toBe(true)
    expect(await history(killed)).toEqual(await history(whole))
    expect(await history(whole)).toHaveLength(8)
  })

  it('says how to resume when it is interrupted', async () => {
    const directory = join(await temporaryFolder(), 'run')
    const child = start('train', 'nn', '--epochs', '50', '--out', directory)
    const text = await endAt(child, /Epoch +1\/50/, 'SIGINT')
    expect(child.exitCode).toBe(1)
    expect(text).toContain(`Continue with: npx --no-install atelier train --resume ${directory}`)
    expect(existsSync(join(directory, 'last.safetensors'))).toBe(true)
  })

  it('ends with the figure that evaluate finds', async () => {
    const directory = join(await temporaryFolder(), 'run')
    const trained = await atelier('train', 'nn', '--epochs', '2', '--seed', '5', '--out', directory)
    const [, accuracy] = /Test accuracy ([\d.]+) %/.exec(trained.stdout) ?? []
    expect(Number(accuracy)).toBeGreaterThan(85)
    const evaluated = await atelier('evaluate', directory, '--json')
    const report = JSON.parse(evaluated.stdout) as { accuracy: number; n: number }
    expect(report.n).toBe(10_000)
    expect((100 * report.accuracy).toFixed(2)).toBe(accuracy)
  })

  it('goes to its end on the reference engine', async () => {
    const directory = join(await temporaryFolder(), 'run')
    const args = ['--engine', 'reference', '--epochs', '1', '--limit', '6000', '--out', directory]
    const trained = await atelier('train', 'nn', ...args)
    expect(trained.code).toBe(0)
    expect(Number(/Test accuracy ([\d.]+) %/.exec(trained.stdout)?.[1])).toBeGreaterThan(70)
  })

  it('stops at a loss that is no number, with what to do', async () => {
    const directory = join(await temporaryFolder(), 'run')
    const args = ['--limit', '3000', '--lr', '1e30', '--set', 'schedule.kind=constant', '--out', directory]
    const { code, stderr } = await atelier('train', 'nn', ...args)
    expect(code).toBe(1)
    expect(stderr).toMatch(/expected a finite loss, received NaN or infinity.*Lower the learning rate/)
  })

  it('stops at weights that are no numbers, though rectification keeps the loss finite', async () => {
    const directory = join(await temporaryFolder(), 'run')
    const optimizer = 'optimizer={"kind":"sgd","momentum":0.9,"nesterov":true,"weightDecay":0}'
    const steep = ['--set', optimizer, '--lr', '10', '--set', 'schedule.kind=constant']
    const few = ['--limit', '5000', '--epochs', '2', '--precision', 'f32', '--out', directory]
    const { code, stderr } = await atelier('train', 'dnn', ...steep, ...few)
    expect(code).toBe(1)
    expect(stderr).toMatch(/expected finite weights, received NaN or infinity in .*Lower the learning rate/)
    expect(existsSync(join(directory, 'model.safetensors'))).toBe(false)
  })
})
