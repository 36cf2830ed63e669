import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { temporaryFolder } from '../../../test/support/folder.js'
import { writeDataset } from '../../../test/support/idx.js'
import { dataCommand } from './data.js'

afterEach(() => {
  vi.restoreAllMocks()
})

async function run(...flags: string[]): Promise<string> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  await dataCommand().parseAsync(flags, { from: 'user' })
  const printed = write.mock.calls.map(([text]) => String(text)).join('')
  write.mockRestore()
  return printed
}

it('prints location, checksums, shapes and class counts, as text and as JSON', async () => {
  const folder = await temporaryFolder()
  await writeDataset(folder, { trainCount: 2000, testCount: 5, height: 6, width: 7, classes: 2 })
  const text = await run('--data', folder)
  expect(text).toContain(`${folder} (given with --data)`)
  expect(text).toMatch(/Training +2,000 images, 6 x 7 x 1/)
  expect(text).toMatch(/ 0 +0 +1,000 +3\n +1 +1 +1,000 +2\n$/)
  const json = JSON.parse(await run('--data', folder, '--json'))
  expect(json).toMatchObject({ directory: folder, source: '--data', form: 'idx', official: false })
  expect(json).toMatchObject({ height: 6, width: 7, channels: 1, classes: ['0', '1'] })
  expect(json.splits).toEqual({
    train: { count: 2000, perClass: [1000, 1000] },
    test: { count: 5, perClass: [3, 2] },
  })
  for (const { name, sha256 } of json.files) expect(text).toContain(`${name.padEnd(25)}${sha256}  other`)
})

it('writes the grid', async () => {
  const folder = await temporaryFolder()
  await writeDataset(folder, { trainCount: 20, testCount: 10 })
  const grid = join(folder, 'grid.png')
  expect(JSON.parse(await run('--data', folder, '--json', '--grid', grid)).grid).toBe(grid)
  expect((await stat(grid)).size).toBeGreaterThan(1000)
})
