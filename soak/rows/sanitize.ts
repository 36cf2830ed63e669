/** The addon under the sanitizers of the compiler: memory that is not its own, and what C++ leaves undefined. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { formatCount } from '#atelier/core/format.js'
import { quietly, root } from '../../scripts/lib/shell.mjs'
import type { Outcome, Row, Trial } from '../lib/row.js'

const SANITIZERS = '-fsanitize=address,undefined'
/** What the suite takes; the rest is what it takes to build the addon. */
const COPIED = ['src', 'test', 'native', 'scripts', 'bench', 'soak', 'examples', 'pretrained']
const SETTINGS = [
  'package.json',
  'package-lock.json',
  'vitest.config.ts',
  'tsconfig.json',
  'tsconfig.build.json',
]

export const sanitize: Row = {
  name: 'sanitize',
  title:
    'the addon is compiled with AddressSanitizer and UndefinedBehaviorSanitizer and runs the conformance suite. Every test must pass, and no sanitizer may report',
  rounds: 1,
  unit: 'suites',
  run: runSuites,
}

async function runSuites({ rounds, folder, progress }: Trial): Promise<Outcome> {
  const library = quietly('g++', ['-print-file-name=libasan.so'])
  const path = library.output.trim()
  if (!library.ok || !path.startsWith('/')) return { skipped: 'there is no g++ with AddressSanitizer' }
  const checkout = join(folder, 'checkout')
  copyCheckout(checkout)
  const env = sanitizedEnvironment(path, join(checkout, 'reports'))
  progress('compiling the addon')
  const flags = { CXX: 'g++', CXXFLAGS: `${SANITIZERS} -g`, LDFLAGS: SANITIZERS }
  const built = spawnSync(process.execPath, ['scripts/build-native.mjs'], {
    cwd: checkout,
    encoding: 'utf8',
    // The build tries whether the addon can be loaded.
    env: { ...env, ...flags },
  })
  if (built.status !== 0) return { skipped: `the addon was not built: ${built.stdout}${built.stderr}` }
  const failures: string[] = []
  let passed = 0
  for (let round = 1; round <= rounds; round++) {
    progress(`suite ${round}`)
    const suite = runSuite(checkout, env)
    passed += suite.passed
    if (suite.failure !== null) failures.push(suite.failure)
  }
  const seen = `${formatCount(passed)} tests passed, ${failures.length === 0 ? 'no report' : 'with reports'}`
  return { held: rounds - failures.length, rounds, seen, failures }
}

/** The addon in it is another than this checkout's, which someone may be using. */
function copyCheckout(place: string): void {
  mkdirSync(place)
  const filter = (from: string) => from !== join(root, 'native', 'build')
  for (const name of [...COPIED, ...SETTINGS]) {
    cpSync(join(root, name), join(place, name), { recursive: true, filter })
  }
  for (const name of ['node_modules', 'dist']) symlinkSync(join(root, name), join(place, name))
}

/** Of processes that load the addon: the sanitizer's library has to come before all others. */
function sanitizedEnvironment(library: string, reports: string): NodeJS.ProcessEnv {
  mkdirSync(reports)
  return {
    ...process.env,
    LD_PRELOAD: library,
    // V8 frees nothing at its end, and handles the faults of WebAssembly itself.
    ASAN_OPTIONS: `detect_leaks=0:handle_segv=0:log_path=${join(reports, 'address')}`,
    UBSAN_OPTIONS: `print_stacktrace=1:log_path=${join(reports, 'undefined')}`,
  }
}

/** The suite once: the tests that passed, and what the sanitizers and the failed tests say; null: nothing. */
function runSuite(checkout: string, env: NodeJS.ProcessEnv): { passed: number; failure: string | null } {
  const [reports, result] = [join(checkout, 'reports'), join(checkout, 'result.json')]
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const args = ['run', 'test/conformance', 'src/engine/native', '--reporter=json', `--outputFile=${result}`]
  const { status, stderr } = spawnSync(process.execPath, [vitest, ...args], {
    cwd: checkout,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    env,
  })
  const said = readdirSync(reports).map((name) => readFileSync(join(reports, name), 'utf8').slice(0, 2000))
  if (status !== 0) said.push(stderr.slice(-2000) || `vitest ended with ${status}`)
  const { numPassedTests = 0 } = readResult(result)
  return { passed: numPassedTests, failure: said.length > 0 ? said.join('\n') : null }
}

function readResult(file: string): { numPassedTests?: number } {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return {}
  }
}
