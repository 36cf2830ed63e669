/**
 * Fuzzes one reader in a process of its own: `npx --no-install jiti soak/fuzz/child.ts READER SEED FROM COUNT FOLDER`.
 * Prints what it found as a line of JSON. Files that fail stay in FOLDER; before each input its number is written to
 * FOLDER/under-way, so that one that takes the process with it is known.
 */
import { mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type Finding, fuzz } from './fuzz.js'
import { openReader, type ReaderName } from './readers.js'
import { shrink } from './shrink.js'

const [name, seed, from, count] = [
  process.argv[2] as ReaderName,
  ...process.argv.slice(3, 6).map(Number),
] as [ReaderName, number, number, number]
const folder = process.argv[6] as string
const MOST_KEPT = 20
const LONGEST_TOLD = 1500

const reader = await openReader(name, folder)
const underWay = openSync(join(folder, 'under-way'), 'w')
const slot = Buffer.alloc(8)
const { read, refused, found } = await fuzz(reader, { seed, from, count }, (number, place) => {
  slot.writeDoubleLE(number)
  writeSync(underWay, slot, 0, 8, 8 * place)
})
const kept: { number: number; error: string }[] = []
for (const finding of found.slice(0, MOST_KEPT)) kept.push(await keep(finding))
const memory = process.resourceUsage().maxRSS / 1024
process.stdout.write(`${JSON.stringify({ read, refused, found: found.length, kept, memory })}\n`)
// A reader that hangs would keep the process.
process.exit()

async function keep(finding: Finding) {
  const { number, error } = finding
  const directory = join(folder, `${name}-${number}`)
  mkdirSync(directory, { recursive: true })
  const input = await shrink(reader, finding)
  for (const [file, bytes] of Object.entries(input)) if (bytes) writeFileSync(join(directory, file), bytes)
  const gone = Object.keys(input).filter((file) => input[file] === null)
  const whole = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const told = whole.slice(0, LONGEST_TOLD)
  return { number, error: `${directory}${gone.length > 0 ? ` without ${gone.join(', ')}` : ''}: ${told}` }
}
