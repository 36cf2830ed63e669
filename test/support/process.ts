/** The command line as a process of its own, in the repository's root, on the real data set. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))

export const start = (...args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [main, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })

/** Its exit code and what it printed. */
export async function atelier(
  ...args: readonly string[]
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = start(...args)
  const texts = { stdout: '', stderr: '' }
  child.stdout?.on('data', (data: Buffer) => {
    texts.stdout += data.toString()
  })
  child.stderr?.on('data', (data: Buffer) => {
    texts.stderr += data.toString()
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...texts }
}

/** Ends a child by a signal as soon as it has said something that matches. */
export async function endAt(child: ChildProcess, pattern: RegExp, signal: NodeJS.Signals): Promise<string> {
  let text = ''
  child.stderr?.on('data', (data: Buffer) => {
    const before = pattern.test(text)
    text += data.toString()
    if (!before && pattern.test(text)) child.kill(signal)
  })
  await once(child, 'close')
  expect(text).toMatch(pattern)
  return text
}
