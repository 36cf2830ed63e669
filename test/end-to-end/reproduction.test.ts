/** What `npm start` promises: a reproduction that is killed goes on, and the commands it prints train the same weights. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { temporaryFolder } from '../support/folder.js'
import { atelier, endAt, start } from '../support/process.js'

it('goes on with its numbers of steps, and its commands repeat it to the bit', {
  timeout: 120_000,
}, async () => {
  const folder = await temporaryFolder()
  // 1.28 epochs of 938 steps, and 0.53.
  await writeFile(join(folder, 'budget.json'), JSON.stringify({ minutes: 8, steps: { nn: 1200, dnn: 500 } }))
  const reproduce = ['reproduce', '--models', 'nn,dnn', '--threads', '1', '--out', folder]
  const begun = await endAt(start(...reproduce), /Epoch 1\/2/, 'SIGKILL')
  expect(begun).toContain('1,200 steps in all')
  const { code, stdout, stderr } = await atelier(...reproduce, '--json')
  expect(code, stderr).toBe(0)
  const { results } = JSON.parse(stdout) as { results: { model: string; epochs: number; command: string }[] }
  expect(results.map(({ epochs }) => epochs)).toEqual([1200 / 938, 500 / 938])
  const weightsIn = (directory: string) => readFile(join(directory, 'model.safetensors'))
  for (const { model, command } of results) {
    const [npx, noInstall, , ...args] = command.split(' ')
    expect([npx, noInstall]).toEqual(['npx', '--no-install'])
    const again = join(folder, `${model}-again`)
    expect((await atelier(...args, '--out', again)).code).toBe(0)
    expect((await weightsIn(again)).equals(await weightsIn(join(folder, model)))).toBe(true)
  }
})

it.each([
  [undefined, /Continue with: npx --no-install atelier reproduce --models nn --out/],
  ['start', /Continue with: npm start -- --models nn --out/],
])('that is interrupted says how it goes on (npm script: %s)', async (script, expected) => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'budget.json'), JSON.stringify({ minutes: 8, steps: { nn: 90_000 } }))
  vi.stubEnv('npm_lifecycle_event', script)
  onTestFinished(() => void vi.unstubAllEnvs())
  const child = start('reproduce', '--models', 'nn', '--out', folder)
  expect(await endAt(child, /Epoch +1\//, 'SIGINT')).toMatch(expected)
  expect(child.exitCode).toBe(1)
})
