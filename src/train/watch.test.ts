import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { WATCHED } from './watch.js'

const watch = pathToFileURL(resolve('dist/train/watch.js')).href

/** Tells its parent something every few milliseconds, and leaves the event loop no time between most of that. */
const CHILD = `
  import { renameSync, writeFileSync } from 'node:fs'
  import { onParentGone, tellParent } from '${watch}'
  const [, , out] = process.argv
  process.on('exit', (code) => {
    writeFileSync(out + '.part', String(code))
    renameSync(out + '.part', out)
  })
  onParentGone(() => process.exit(7))
  setInterval(() => {
    for (let i = 0; i < 20; i++) {
      const start = performance.now()
      while (performance.now() - start < 5);
      tellParent({ kind: 'epoch', epoch: i })
    }
  }, 5)`

const PARENT = `
  import { fork } from 'node:child_process'
  const [, , child, out] = process.argv
  fork(child, [out], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }).once('message', () => {
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50)
  })`

it('hears of a parent that was killed while it was told something', async () => {
  const folder = await temporaryFolder()
  const [child, parent, out] = ['child.mjs', 'parent.mjs', 'code'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  await Promise.all([writeFile(child, CHILD), writeFile(parent, PARENT)])
  const env = { ...process.env, ...WATCHED }
  await once(spawn(process.execPath, [parent, child, out], { env, stdio: 'ignore' }), 'exit')
  let code = ''
  while (code === '') {
    await wait(20)
    code = await readFile(out, 'utf8').catch(() => '')
  }
  expect(code).toBe('7')
})
