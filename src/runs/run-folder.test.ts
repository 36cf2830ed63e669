import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { finishedRun } from '../../test/support/run.js'
import { checkEmpty, createRun, openRun } from './run-folder.js'

it('a file is no place for a run', async () => {
  const file = join(await temporaryFolder(), 'file')
  await writeFile(file, '')
  await expect(checkEmpty(file)).rejects.toThrow(
    /^--out: expected a new or empty folder, received .*ENOTDIR.*Choose another folder with --out$/,
  )
})

it('a folder in which a record was begun and never finished is a place for a run', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, '.run.json.0c5f1d4e-8a83-4d8a-9a0f-3a3f6a0f2c11.part'), '{ "for')
  await checkEmpty(folder)
  await writeFile(join(folder, '.run.json.part'), '')
  await expect(checkEmpty(folder)).rejects.toThrow('with files in it')
})

it('runs that begin at once have folders of their own', async () => {
  const folder = await temporaryFolder()
  const { record, graph } = (await finishedRun(folder, { holdOut: 0 })).run
  const base = join(folder, 'runs', 'nn')
  const begin = (seed: number) => createRun(base, { ...record, seed }, graph, { numbered: true })
  const runs = await Promise.all(Array.from({ length: 8 }, (_, seed) => begin(seed)))
  expect(runs.map(({ directory }) => directory).sort()).toEqual(
    [base, ...[2, 3, 4, 5, 6, 7, 8].map((copy) => `${base}-${copy}`)].sort(),
  )
  for (const [seed, { directory }] of runs.entries())
    expect((await openRun(directory)).record.seed).toBe(seed)
})

it.each(['new', 'empty'])('of runs that begin at once in one %s folder one has it', async (kind) => {
  const folder = await temporaryFolder()
  const { record, graph } = (await finishedRun(folder, { holdOut: 0 })).run
  const directory = join(folder, 'one')
  if (kind === 'empty') await mkdir(directory)
  const begin = (seed: number) => createRun(directory, { ...record, seed }, graph)
  const ends = await Promise.allSettled(Array.from({ length: 8 }, (_, seed) => begin(seed)))
  const winners = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value.record.seed] : []))
  expect(winners).toHaveLength(1)
  for (const end of ends) {
    if (end.status === 'rejected')
      expect(String(end.reason)).toMatch(/--out: expected a new or empty folder, received .*one with files/)
  }
  expect(JSON.parse(await readFile(join(directory, 'run.json'), 'utf8')).seed).toBe(winners[0])
  expect(await readdir(directory)).toEqual(['run.json'])
})
