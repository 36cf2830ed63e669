import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/folder.js'
import { WATCHED } from '../../train/watch.js'
import { askToStop } from './process.js'

const watch = pathToFileURL(resolve('dist/train/watch.js')).href

const ASKED = `
  import { onStopAsked, tellParent } from '${watch}'
  const alive = setInterval(() => {}, 1000)
  onStopAsked(() => {
    tellParent({ kind: 'stopped' })
    clearInterval(alive)
  })
  process.send('ready')`

it('ends by itself when it is asked to stop by a message, as on Windows', async () => {
  const child = join(await temporaryFolder(), 'child.mjs')
  await writeFile(child, ASKED)
  const started = spawn(process.execPath, [child], {
    env: { ...process.env, ...WATCHED },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const messages: unknown[] = []
  started.on('message', (message) => {
    messages.push(message)
    if (message === 'ready') askToStop(started, 'win32')
  })
  expect(await once(started, 'exit')).toEqual([0, null])
  expect(messages).toEqual(['ready', { kind: 'stopped' }])
})

it('is asked by a signal where there are such', () => {
  const calls: unknown[] = []
  const child = { kill: (signal: unknown) => calls.push(signal) > 0, send: () => calls.push('sent') > 0 }
  askToStop(child, 'linux')
  expect(calls).toEqual(['SIGTERM'])
})
