import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { atelier } from '../../test/support/command-line.js'
import { temporaryFolder } from '../../test/support/folder.js'
import { writeDataset } from '../../test/support/idx.js'

test('reproduce goes on with what it began with, and takes no other run for its own', async () => {
  const folder = await temporaryFolder()
  const [data, out] = [join(folder, 'data'), join(folder, 'out')]
  await writeDataset(data, { trainCount: 60, testCount: 20 })
  const reproduce = (...flags: string[]) => atelier('reproduce', '--models', 'nn', '--out', out, ...flags)
  const begun = await reproduce('--data', data, '--engine', 'reference')
  expect(begun.code).toBe(0)
  // Shown before the training; an epoch of 60 images is a step, and nn has no use for more than its recipe's ten.
  expect(begun.stdout).toMatch(/^\nReleased weights .*\n.*\nnn .*\n\nModel /)
  expect(begun.stderr).toMatch(
    /Measuring how fast each trains here\nTraining takes about \d+:\d\d, .*: nn 10 epochs\n/,
  )
  expect(begun.stdout).toMatch(
    /--recipe quick --seed 1 --max-steps 10 --engine reference --threads 1 --data .*data\n$/,
  )
  expect(await reproduce('--fresh')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('expected a new or empty folder'),
  })
  const inRun = (name: string) => join(out, 'nn', name)
  const weights = readFileSync(inRun('model.safetensors'))

  const other = await reproduce('--seed', '2')
  expect(other.code).toBe(2)
  expect(other.stderr).toMatch(/expected the recipe quick within a budget by seed 2, received .* by seed 1\./)
  expect((await reproduce('--profile', 'full')).stderr).toMatch(/expected the recipe tuned by seed 1/)
  expect((await reproduce('--minutes', '9')).stderr).toMatch(/--minutes: expected 8, by which .* received 9/)

  // As it was killed before its end, asked for with no word of data and engine.
  for (const name of ['model.safetensors', 'metrics.json']) rmSync(inRun(name))
  expect((await reproduce()).code).toBe(0)
  expect(readFileSync(inRun('model.safetensors')).equals(weights)).toBe(true)

  // What had been said when it began is not said again.
  expect((await reproduce()).stdout).toMatch(/^\nModel /)

  // And killed before its first checkpoint, with other data in the place of those.
  for (const name of ['last.safetensors', 'model.safetensors', 'metrics.json']) rmSync(inRun(name))
  writeFileSync(
    join(data, 'train-labels-idx1-ubyte'),
    readFileSync(join(data, 'train-labels-idx1-ubyte')).reverse(),
  )
  expect((await reproduce()).code).not.toBe(0)
})

test.each([
  [['--minutes', '5', '--profile', 'full'], /'--profile <name>' cannot be used with option '--minutes <n>'/],
  [['--minutes', '0'], /--minutes: expected a number above 0, received 0/],
  [['--minutes', 'ten'], /--minutes: expected a number above 0, received ten/],
])('reproduce refuses %j', async (flags, message) => {
  const { code, stderr } = await atelier('reproduce', ...flags)
  expect(code).toBe(2)
  expect(stderr).toMatch(message)
})
