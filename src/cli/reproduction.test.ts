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
  expect((await reproduce('--data', data, '--engine', 'reference')).code).toBe(0)
  expect(await reproduce('--fresh')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('expected a new or empty folder'),
  })
  const inRun = (name: string) => join(out, 'nn', name)
  const weights = readFileSync(inRun('model.safetensors'))

  const other = await reproduce('--seed', '2')
  expect(other.code).toBe(2)
  expect(other.stderr).toMatch(/expected the recipe quick by seed 2, received the recipe quick by seed 1/)
  expect((await reproduce('--profile', 'full')).stderr).toMatch(/expected the recipe tuned by seed 1/)

  // As it was killed before its end, asked for with no word of data and engine.
  for (const name of ['model.safetensors', 'metrics.json']) rmSync(inRun(name))
  expect((await reproduce()).code).toBe(0)
  expect(readFileSync(inRun('model.safetensors')).equals(weights)).toBe(true)

  // And killed before its first checkpoint, with other data in the place of those.
  for (const name of ['last.safetensors', 'model.safetensors', 'metrics.json']) rmSync(inRun(name))
  writeFileSync(
    join(data, 'train-labels-idx1-ubyte'),
    readFileSync(join(data, 'train-labels-idx1-ubyte')).reverse(),
  )
  expect((await reproduce()).code).not.toBe(0)
})
