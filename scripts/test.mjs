// `npm test`: the set-up, then the type check, the linter and the tests. `npm test -- conv` hands its arguments
// to vitest and runs that alone. The last line counts the tests, and each of the three checks as one more.
import './lib/node-version.mjs'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setUp } from './lib/setup.mjs'
import { main, readJson, root, say, toolScript } from './lib/shell.mjs'

/** @typedef {Parameters<typeof toolScript>[0]} Tool */

/** @type {readonly (readonly [Tool, ...string[]])[]} */
const CHECKS = [
  ['tsc', '--noEmit'],
  ['tsc', '-p', 'studio'],
  ['biome', 'check', '.'],
]

main(() => {
  setUp({ purpose: 'test' })
  const filter = process.argv.slice(2)
  const broken = (filter.length === 0 ? CHECKS : []).filter(([program, ...args]) => !run(program, args))
  const counts = runTests(filter)
  for (const check of broken) say(`${check.join(' ')} failed (its output is above)`)
  if (filter.length === 0) counts.passed += CHECKS.length - broken.length
  counts.failed += broken.length
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
  process.stdout.write(`${counts.passed} passed, ${counts.failed} failed${skipped}\n`)
  process.exitCode = counts.failed > 0 ? 1 : 0
})

/**
 * What is read of vitest's JSON report.
 *
 * @typedef {{
 *   numPassedTests?: number, numPendingTests?: number, numTodoTests?: number,
 *   testResults?: { status: string, assertionResults: { status: string }[] }[]
 * }} Report
 */

/**
 * Runs vitest with its usual output; the counts come from its JSON report.
 *
 * @param {readonly string[]} args
 */
function runTests(args) {
  const folder = mkdtempSync(join(tmpdir(), 'atelier-test-'))
  try {
    const report = join(folder, 'report.json')
    const ok = run('vitest', [
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...args,
    ])
    const {
      numPassedTests = 0,
      numPendingTests = 0,
      numTodoTests = 0,
      testResults = [],
    } = /** @type {Report | null} */ (readJson(report)) ?? {}
    // A file that cannot be loaded fails without a failed test, and a crash leaves no report: both count as one.
    const failures = testResults.map(({ status, assertionResults }) => {
      const tests = assertionResults.filter((test) => test.status === 'failed').length
      return status === 'failed' ? Math.max(1, tests) : tests
    })
    const failed = failures.reduce((sum, count) => sum + count, 0)
    return {
      passed: numPassedTests,
      failed: ok ? failed : Math.max(1, failed),
      skipped: numPendingTests + numTodoTests,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * @param {Tool} program
 * @param {readonly string[]} args
 */
function run(program, args) {
  const command = [toolScript(program), ...args]
  return spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' }).status === 0
}
