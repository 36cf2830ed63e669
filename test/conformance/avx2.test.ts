/** The steps once more with oneDNN held to AVX2, which it reads from the environment when it is loaded. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { native } from './engines.js'

const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))
const held = process.env.ONEDNN_MAX_CPU_ISA !== undefined

it.skipIf(native.engine === null || held)(
  `the conformance suite passes with AVX2 alone (${native.label})`,
  () => {
    const child = spawnSync(process.execPath, [vitest, 'run', 'test/conformance/steps.test.ts'], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, ONEDNN_MAX_CPU_ISA: 'AVX2', NO_COLOR: '1' },
    })
    expect(child.status, `${child.stdout}\n${child.stderr}`).toBe(0)
  },
  300_000,
)
