/** Fuzzes a reader in processes of their own: one that crashes or hangs is a finding, and the next goes on behind it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { root } from '../../scripts/lib/shell.mjs'
import type { Range } from './fuzz.js'
import type { ReaderName } from './readers.js'

const reportSchema = z.object({
  read: z.number(),
  refused: z.number(),
  found: z.number(),
  kept: z.array(z.object({ number: z.number(), error: z.string() })),
  /** The most, in MiB. */
  memory: z.number(),
})

export interface Supervised {
  read: number
  refused: number
  /** With what it takes to see each again. */
  readonly failures: string[]
  memory: number
}

/** Milliseconds without a new input after which a process is ended: longer than a reader's own patience. */
const PATIENCE = 120_000
/** A reader that fails as often is broken. */
const MOST_CRASHES = 20

export async function supervise(
  name: ReaderName,
  { seed, from, count }: Range,
  folder: string,
): Promise<Supervised> {
  const result: Supervised = { read: 0, refused: 0, failures: [], memory: 0 }
  const end = from + count
  for (let begin = from, crashes = 0; begin < end && crashes < MOST_CRASHES; crashes++) {
    const { report, how } = await runChild(name, { seed, from: begin, count: end - begin }, folder)
    if (report !== null) {
      result.read += report.read
      result.refused += report.refused
      result.memory = Math.max(result.memory, report.memory)
      result.failures.push(...report.kept.map(({ number, error }) => `${name} ${number}: ${error}`))
      const more = report.found - report.kept.length
      if (more > 0) result.failures.push(`${name}: ${more} more like these`)
      break
    }
    const numbers = underWay(folder)
    result.failures.push(
      `${name} ${numbers.join(' or ')}: ${how}. Again: npx --no-install jiti soak/fuzz/child.ts ${name} ${seed} ${numbers[0]} ${numbers.length} ${folder}`,
    )
    begin = Math.max(...numbers, begin) + 1
  }
  return result
}

async function runChild(name: ReaderName, { seed, from, count }: Range, folder: string) {
  const jiti = join(root, 'node_modules', 'jiti', 'lib', 'jiti-cli.mjs')
  const script = fileURLToPath(new URL('child.ts', import.meta.url))
  const args = [jiti, script, name, seed, from, count, folder].map(String)
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', (data: Buffer) => {
    text += data.toString()
  })
  let [last, since] = ['', performance.now()]
  const timer = setInterval(() => {
    const now = underWay(folder).join()
    if (now !== last) [last, since] = [now, performance.now()]
    else if (performance.now() - since > PATIENCE) child.kill('SIGKILL')
  }, 1000)
  const [code, signal] = await once(child, 'close')
  clearInterval(timer)
  const report = code === 0 ? reportSchema.parse(JSON.parse(text)) : null
  return { report, how: signal === 'SIGKILL' ? 'it hung' : `the process ended with ${signal ?? code}` }
}

/** The numbers of the inputs that are being read. */
function underWay(folder: string): number[] {
  const file = join(folder, 'under-way')
  if (!existsSync(file)) return []
  const bytes = readFileSync(file)
  return Array.from({ length: Math.floor(bytes.length / 8) }, (_, i) => bytes.readDoubleLE(8 * i))
}
