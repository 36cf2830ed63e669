import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { finishedRun } from '../../test/support/run.js'
import { openNamedRun } from './named-run.js'

describe('openNamedRun', () => {
  it('opens the folder of a run', async () => {
    const { run } = await finishedRun(await temporaryFolder(), { holdOut: 0 })
    expect(run).toMatchObject(await openNamedRun(run.directory))
  })

  it('names the likeliest run where there is no such folder', async () => {
    const runs = await temporaryFolder()
    await expect(openNamedRun('none', runs)).rejects.toThrow(
      'Run none: expected the folder of a run, received no such folder. Train one with: npx --no-install atelier train nn',
    )
    for (const [name, seconds] of [
      ['a', 100],
      ['b', 300],
      ['c', 200],
    ] as const) {
      await mkdir(join(runs, name))
      await writeFile(join(runs, name, 'run.json'), '{}')
      await utimes(join(runs, name, 'run.json'), seconds, seconds)
    }
    await mkdir(join(runs, 'no run'))
    await expect(openNamedRun('none', runs)).rejects.toThrow(`Did you mean ${join(runs, 'b')}?`)
    await expect(openNamedRun('c', runs)).rejects.toThrow(`Did you mean ${join(runs, 'c')}?`)
  })

  it('says what a folder lacks that is no run', async () => {
    await expect(openNamedRun(await temporaryFolder())).rejects.toThrow(/folder of a run \(with run\.json\)/)
  })
})
