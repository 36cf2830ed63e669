/** What is told of runs with files that are not their own. */
import { execFileSync } from 'node:child_process'
import { copyFile, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { bareApp } from '../../../test/support/app.js'
import { temporaryFolder } from '../../../test/support/folder.js'
import { reportedRun } from '../../../test/support/reported-run.js'
import { REPORT_FILE } from '../../report/files.js'
import { predictionsIn, runFiles } from '../../runs/run-folder.js'
import { Catalog } from '../models/catalog.js'
import type { Services } from '../services.js'
import { dataRoutes } from './data.js'
import { modelRoutes } from './models.js'
import { runRoutes } from './runs.js'

afterEach(() => {
  vi.restoreAllMocks()
})

/** A run with a report, another folder, and the statuses of all that is told of the run. */
async function serve() {
  const runs = await temporaryFolder()
  const elsewhere = await temporaryFolder()
  const { run } = await reportedRun(runs)
  await writeFile(join(run.directory, REPORT_FILE), 'its report')
  await writeFile(predictionsIn(run, 'validation'), 'damaged, if it is read')
  const app = bareApp()
  const catalog = new Catalog({ runs, pretrained: join(runs, 'no-pretrained') })
  for (const add of [dataRoutes, modelRoutes, runRoutes]) add(app, { catalog } as unknown as Services)
  const ask = async (of: string): Promise<number[]> => {
    const statuses: number[] = []
    for (const path of ['', '/report']) statuses.push((await app.inject(`/api/runs/${of}${path}`)).statusCode)
    return statuses
  }
  return { app, runs, elsewhere, run, ask }
}

const log = () => vi.spyOn(process.stderr, 'write').mockReturnValue(true)

test.each([REPORT_FILE, ...Object.values(runFiles), 'predictions-test.safetensors'])(
  '%s as a link to a file elsewhere: nothing',
  async (file) => {
    const logged = log()
    const { app, run, elsewhere, ask } = await serve()
    expect(await ask('run')).toEqual([200, 200])
    const [here, there] = [join(run.directory, file), join(elsewhere, file)]
    await copyFile(here, there).catch(() => writeFile(there, 'a secret'))
    await rm(here, { force: true })
    await symlink(there, here)
    expect(await ask('run')).toEqual([404, 404])
    expect((await app.inject('/api/runs')).json()).toEqual({ runs: [] })
    expect((await app.inject('/api/models')).json()).toEqual({ models: [] })
    const told = `Run run: left out, since ${file} is no file of its own folder\n`
    expect(logged.mock.calls.map(String)).toEqual([told])
    // Whether there is something at the other end is not told.
    await rm(there)
    expect(await ask('run')).toEqual([404, 404])
  },
)

test.skipIf(process.platform === 'win32')('a pipe, which would be waited for: nothing', async () => {
  log()
  const { run, ask } = await serve()
  await rm(join(run.directory, REPORT_FILE))
  execFileSync('mkfifo', [join(run.directory, REPORT_FILE)])
  expect(await ask('run')).toEqual([404, 404])
})

test('links within its folder, and folders elsewhere: all', async () => {
  const { run, elsewhere, ask } = await serve()
  const report = join(run.directory, REPORT_FILE)
  await rename(report, join(run.directory, 'first.html'))
  await symlink('first.html', report)
  await symlink(elsewhere, join(run.directory, 'tensorboard'))
  expect(await ask('run')).toEqual([200, 200])
})

test('a folder that is itself a link: all, but for links that lead out of where it leads', async () => {
  log()
  const { runs, run, elsewhere, ask } = await serve()
  const moved = join(elsewhere, 'moved')
  await rename(run.directory, moved)
  await symlink(moved, run.directory)
  expect(await ask('run')).toEqual([200, 200])
  await rm(join(moved, REPORT_FILE))
  await writeFile(join(runs, 'page.html'), 'another')
  await symlink(join(runs, 'page.html'), join(moved, REPORT_FILE))
  expect(await ask('run')).toEqual([404, 404])
})

test('suspicious images by a link to a file elsewhere: none', async () => {
  const { app, runs, elsewhere } = await serve()
  await mkdir(join(runs, 'audit'))
  await writeFile(join(elsewhere, 'audit.json'), 'a secret')
  await symlink(join(elsewhere, 'audit.json'), join(runs, 'audit', 'audit.json'))
  const answer = await app.inject('/api/data/test/suspicious')
  expect([answer.statusCode, answer.body]).toEqual([200, 'null'])
})
