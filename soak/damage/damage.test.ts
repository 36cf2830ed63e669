import { expect, it } from 'vitest'
import { randomOf } from '../../bench/lib/random.js'
import { temporaryFolder } from '../../test/support/folder.js'
import { damageOf, judgeDamage } from './damage.js'
import { damagedFiles } from './files.js'

it('no damage of a file with a checksum is read, and none of any file ends in words for nobody', async () => {
  const random = randomOf(3)
  const failures: (string | null)[] = []
  for (const file of await damagedFiles(await temporaryFolder())) {
    await file.read()
    for (let i = 0; i < 20; i++)
      failures.push((await judgeDamage(file, damageOf(file.bytes, random))).failure)
  }
  expect(failures.length).toBe(240)
  expect(failures.filter((failure) => failure !== null)).toEqual([])
})

it('a file with a checksum that is read all the same is a failure', async () => {
  const bytes = Buffer.from('whole')
  const file = { directory: await temporaryFolder(), name: 'file', bytes, read: async () => {} }
  const damage = damageOf(bytes, randomOf(1))
  expect((await judgeDamage({ ...file, checked: true }, damage)).failure).toMatch(/: read$/)
  expect((await judgeDamage({ ...file, checked: false }, damage)).failure).toBeNull()
})
