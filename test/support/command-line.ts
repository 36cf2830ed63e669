/** Runs a command line within the test's process. */
import { vi } from 'vitest'
import { createProgram } from '../../src/cli/program.js'
import { run } from '../../src/cli/run-command-line.js'

/** `atelier ...args`: its exit code and what it wrote. */
export async function atelier(...args: readonly string[]) {
  const streams = { stdout: '', stderr: '' }
  const capture = (name: keyof typeof streams) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      streams[name] += String(text)
      return true
    })
  const spies = [capture('stdout'), capture('stderr')]
  try {
    const code = await run(createProgram(), ['node', 'atelier', ...args])
    return { code, ...streams }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}
