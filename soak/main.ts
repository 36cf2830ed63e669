/** Tries what must never go wrong again and again, and keeps count: docs/reliability.md. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatCount, formatTable } from '#atelier/core/format.js'
import { describeSystem } from '#atelier/core/system.js'
import { heldBy } from '../bench/lib/options.js'
import { say } from '../scripts/lib/shell.mjs'
import { type Part, readPart, writePart } from '../scripts/lib/written-part.js'
import { type Options, readOptions, UsageError } from './lib/options.js'
import type { Outcome, Row } from './lib/row.js'
import { type Circumstances, type Line, lineOf, mergeLines, parseTable, renderTable } from './lib/table.js'
import { rows } from './rows/index.js'

const TABLE: Part = {
  page: 'docs/reliability.md',
  begin: '<!-- soak: written by npm run soak -- --write -->',
  end: '<!-- end of soak -->',
}
/** Of one row, in what is printed. */
const MOST_FAILURES = 20

process.exitCode = await run()

async function run(): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2), rows)
    return options ? await soak(options) : 0
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    say(error.message)
    return 2
  }
}

async function soak(options: Options): Promise<number> {
  // An exit by a signal would leave the temporary folders.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))
  const lines: Line[] = []
  const summary: string[][] = []
  let failed = false
  for (const row of options.rows) {
    const { line, ok } = await measure(row, options)
    if (line !== null) lines.push(line)
    summary.push(line === null ? [row.name, 'skipped'] : [row.name, line[1] ?? '', line[2] ?? ''])
    failed ||= !ok
  }
  const columns = ['Row', 'As it must be', 'What was seen'].map((title) => ({ title }))
  process.stdout.write(`${formatTable(columns, summary)}\n`)
  // A later row may have been measured, and written, by another command meanwhile.
  if (options.write) writePart(TABLE, renderTable(mergeLines(parseTable(readPart(TABLE)), lines, rows)))
  return failed ? 1 : 0
}

async function measure(row: Row, options: Options): Promise<{ line: Line | null; ok: boolean }> {
  const { seed } = options
  const { name, unit } = row
  const rounds = options.rounds ?? row.rounds
  say(`${name}: ${formatCount(rounds)} ${unit}`)
  const folder = mkdtempSync(join(tmpdir(), `atelier-soak-${name}-`))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  const began = performance.now()
  const outcome = await row.run({ rounds, seed, folder, progress: (line) => say(`  ${name}: ${line}`) })
  const seconds = (performance.now() - began) / 1000
  const ok = 'skipped' in outcome || outcome.failures.length === 0
  // What failed is there to be looked at.
  process.off('exit', remove)
  if (ok) remove()
  tell(name, outcome, folder)
  const given = [...(options.rounds ? [`--rounds ${rounds}`] : []), ...(seed === 1 ? [] : [`--seed ${seed}`])]
  const circumstances = circumstancesOf(`npm run soak -- ${[name, ...given].join(' ')}`, seconds)
  return { line: 'skipped' in outcome ? null : lineOf(row, outcome, circumstances), ok }
}

function tell(name: string, outcome: Outcome, folder: string): void {
  if ('skipped' in outcome) {
    say(`${name}: SKIPPED, ${outcome.skipped}`)
    return
  }
  const { failures } = outcome
  for (const failure of failures.slice(0, MOST_FAILURES)) say(`${name}: FAILED, ${failure}`)
  if (failures.length > 0) say(`${name}: ${failures.length} failed; what they left: ${folder}`)
}

function circumstancesOf(command: string, seconds: number): Circumstances {
  return {
    command: heldBy() ? `ONEDNN_MAX_CPU_ISA=${heldBy()} ${command}` : command,
    seconds,
    processor: describeSystem().cpu.model,
    date: new Date().toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' }),
  }
}
