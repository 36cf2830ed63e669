import { mkdir, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { finishedRun } from '../../test/support/run.js'
import { openNamedRun, openRunOrModel } from './runs.js'

describe('openNamedRun', () => {
  it('opens the folder of a run', async () => {
    const { run } = await finishedRun(await temporaryFolder(), { holdOut: 0 })
    expect(await openNamedRun(run.directory)).toEqual(run)
  })

  it('names the likeliest run where there is no such folder', async () => {
    const runs = await temporaryFolder()
    await expect(openNamedRun('none', runs)).rejects.toThrow(
      'Run none: expected the folder of a run, received no such folder. Train one with: atelier train nn',
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

describe('openRunOrModel', () => {
  it("opens a run by its folder or by its model's name", async () => {
    const runs = await temporaryFolder()
    const { run: older } = await finishedRun(join(runs, 'older'), { holdOut: 0 })
    const { run: newer } = await finishedRun(join(runs, 'newer'), { holdOut: 0 })
    await utimes(join(older.directory, 'run.json'), 100, 100)
    // One level down, as reproductions keep theirs; a folder there that is no run is passed over.
    expect(await openRunOrModel('linear', runs)).toEqual(newer)
    expect(await openRunOrModel(older.directory, runs)).toEqual(older)
    await rm(join(newer.directory, 'model.safetensors'))
    expect(await openRunOrModel('linear', runs)).toEqual(older)
    await expect(openRunOrModel('cnn', runs)).rejects.toThrow(
      `Run cnn: expected the folder of a run, received no such folder. Did you mean ${newer.directory}?`,
    )
  })
})
