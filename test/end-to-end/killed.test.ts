/**
 * The short form of `npm run soak -- kill disk`, without a clock: a training is stopped in the middle of every file that
 * it writes, and goes on first with a full disk, then with room.
 */
import { randomUUID } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { differenceOf, stageOf } from '../../soak/lib/training.js'
import { AtelierError } from '../../src/core/errors.js'
import type * as files from '../../src/core/files.js'
import { atelier } from '../support/command-line.js'
import { temporaryFolder } from '../support/folder.js'
import { writeDataset } from '../support/idx.js'

/** Is told of every file before it is written. */
const watched = vi.hoisted(() => ({ see: (_path: string): void => {} }))

vi.mock('../../src/core/files.js', async (original) => {
  const actual = await original<typeof files>()
  const watching =
    (write: typeof actual.writeFileAtomically): typeof write =>
    (path, content) => {
      watched.see(path)
      return write(path, content)
    }
  return {
    ...actual,
    writeFileAtomically: watching(actual.writeFileAtomically),
    createFileAtomically: watching(actual.createFileAtomically),
  }
})

/** The first `count` files are written, then there is no room any more. */
function fillDiskAfter(count: number): void {
  let left = count
  watched.see = () => {
    // As the writers of files say it.
    if (left-- <= 0) throw new AtelierError('the folder: expected a writable folder, received ENOSPC')
  }
}

test('a training that is killed at any change of its folder, and meets a full disk, ends in the files of one that was not', async () => {
  const folder = await temporaryFolder()
  const [data, whole, states] = [join(folder, 'data'), join(folder, 'whole'), join(folder, 'states')]
  await writeDataset(data, { trainCount: 60, testCount: 10 })
  const command = ['train', 'nn', '--data', data, '--engine', 'reference', '--epochs', '2']
  const training = [...command, '--set', 'holdOut=10', '--out']
  let count = 0
  watched.see = (path) => {
    const state = join(states, String(count++))
    mkdirSync(state, { recursive: true })
    // But the lock: it names this process, which goes on living, and that of a dead one counts no more.
    const filter = (from: string) => basename(from) !== 'lock'
    if (existsSync(whole)) cpSync(whole, state, { recursive: true, filter })
    writeFileSync(join(state, `.${basename(path)}.${randomUUID()}.part`), 'half')
  }
  expect((await atelier(...training, whole)).code).toBe(0)
  watched.see = () => {}

  const stages = new Set<string>()
  for (const name of readdirSync(states)) {
    const state = join(states, name)
    const stage = stageOf(state)
    stages.add(stage)
    const goOn = () =>
      atelier(...(stageOf(state) === 'set-up' ? [...training, state] : ['train', '--resume', state]))
    // What trains takes the lock first; where the report alone is missing, that is the first file.
    fillDiskAfter(stage === 'report' ? 0 : 1)
    expect((await goOn()).stderr, stage).toContain('the folder: expected a writable folder, received ENOSPC')
    watched.see = () => {}
    const { code, stderr } = await goOn()
    expect(`${code} ${stderr}`).toMatch(/^0 /)
    expect(await differenceOf(state, whole)).toBe(null)
  }
  expect([...stages].sort()).toEqual(['epochs', 'report', 'scoring', 'set-up'])
})
