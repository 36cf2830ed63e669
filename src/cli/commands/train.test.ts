import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { atelier } from '../../../test/support/command-line.js'
import { temporaryFolder } from '../../../test/support/folder.js'
import { writeDataset } from '../../../test/support/idx.js'
import { finishedRun } from '../../../test/support/run.js'

describe('train', () => {
  test('with --dry-run says what it would do, and makes no run', async () => {
    const folder = await temporaryFolder()
    const [data, out] = [join(folder, 'data'), join(folder, 'run')]
    await writeDataset(data, { trainCount: 100, testCount: 10 })
    const flags = ['--data', data, '--engine', 'reference', '--batch', '20', '--epochs', '3', '--out', out]
    const { code, stdout } = await atelier('train', 'nn', ...flags, '--limit-batches', '4', '--dry-run')
    expect(code).toBe(0)
    expect(stdout).toContain('Steps       4 an epoch of 20 images, 12 in all\n')
    expect(stdout).toContain('Validation  none: the recipe holds no images out\n')
    expect(existsSync(out)).toBe(false)
  })

  test.each([
    ['--limit-batches', '3'],
    ['--overfit-batches', '3'],
    ['--limit', '3'],
    ['--dry-run'],
    ['--epochs', '3'],
    ['--max-steps', '3'],
    ['--recipe', 'quick'],
    ['--seed', '1'],
    ['--out', 'elsewhere'],
  ])('refuses %s where a run is resumed', async (...flags) => {
    const { run } = await finishedRun(await temporaryFolder(), { holdOut: 0 })
    const { code, stderr } = await atelier('train', '--resume', run.directory, ...flags)
    expect(code).toBe(2)
    expect(stderr).toMatch(/^--resume: expected no changes to the training, received /)
  })

  test('scores a run that was stopped between its weights and its figures', async () => {
    const folder = await temporaryFolder()
    const [data, out] = [join(folder, 'data'), join(folder, 'run')]
    await writeDataset(data, { trainCount: 100, testCount: 10 })
    const flags = ['--data', data, '--engine', 'reference', '--epochs', '2', '--out', out]
    expect((await atelier('train', 'nn', ...flags)).code).toBe(0)
    const read = (name: string) => readFileSync(join(out, name), 'utf8')
    const [weights, figures] = [read('model.safetensors'), read('metrics.json')]
    const again = await atelier('train', '--resume', out)
    expect(again.code).toBe(2)
    expect(again.stderr).toMatch(/expected a run that was stopped, received .*, which is finished/)
    rmSync(join(out, 'metrics.json'))
    expect((await atelier('train', '--resume', out)).code).toBe(0)
    expect([read('model.safetensors'), read('metrics.json')]).toEqual([weights, figures])
  })

  test('with --max-steps ends within an epoch, and says so', async () => {
    const folder = await temporaryFolder()
    const [data, out] = [join(folder, 'data'), join(folder, 'run')]
    await writeDataset(data, { trainCount: 100, testCount: 10 })
    const flags = ['--data', data, '--engine', 'reference', '--batch', '20', '--out', out]
    const { code, stderr } = await atelier('train', 'nn', ...flags, '--max-steps', '7')
    expect(code).toBe(0)
    expect(stderr).toContain('(1.4 epochs, batch 20')
    expect(stderr).toContain('7 steps in all (--max-steps)')
    expect(JSON.parse(readFileSync(join(out, 'metrics.json'), 'utf8')).training.epochs).toBe(1.4)
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('after 1.4 epochs')
  })

  test('refuses to be given both epochs and steps', async () => {
    const { code, stderr } = await atelier('train', 'nn', '--max-steps', '3', '--epochs', '2')
    expect(code).toBe(2)
    expect(stderr).toContain("'--max-steps <n>' cannot be used with option '--epochs <n>'")
  })

  test('refuses to limit and to overfit batches at once', async () => {
    const { code, stderr } = await atelier('train', 'nn', '--limit-batches', '3', '--overfit-batches', '2')
    expect(code).toBe(2)
    expect(stderr).toContain("'--overfit-batches <n>' cannot be used with option '--limit-batches <n>'")
  })
})
