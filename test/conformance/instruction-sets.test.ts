/**
 * Steps and trainings once more with oneDNN held to the instruction sets of lesser processors, which it reads from the
 * environment when it is loaded: a process each.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { loadAddon } from '../../src/engine/native/addon.js'

const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))
const steps = 'test/conformance/steps.test.ts'
const trainings = 'test/conformance/determinism.test.ts'

/** As the environment has them, and as the engine then calls itself; the least first. */
const lesser = [
  { isa: 'SSE41', name: 'SSE4.1', files: [steps] },
  { isa: 'AVX2', name: 'AVX2', files: [steps, trainings] },
  { isa: 'AVX512_CORE', name: 'AVX-512', files: [steps] },
]
const own = loadAddon().addon?.isa
const at = lesser.findIndex(({ name }) => name === own)
/** Those that this process's own contains; its own is what every other test runs on. */
const within = own?.startsWith('AVX-512 with') ? lesser : lesser.slice(0, Math.max(at, 0))

it.for(lesser)(
  'the engine is right and deterministic with $name alone',
  { timeout: 300_000 },
  (set, { skip }) => {
    skip(!within.includes(set), `this process has ${own ?? 'no native engine'}`)
    // Of another set's engine there would be no such tests.
    const tests = `native engine \\(oneDNN [0-9.]+, ${set.name},`
    const child = spawnSync(process.execPath, [vitest, 'run', ...set.files, '-t', tests], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, ONEDNN_MAX_CPU_ISA: set.isa, NO_COLOR: '1' },
    })
    const output = `${child.stdout}\n${child.stderr}`
    expect(child.status, output).toBe(0)
    expect(output).toMatch(/Tests +[0-9]+ passed/)
  },
)
