/** Damaged and hostile files for every reader: it reads, or refuses in words that are meant for users. */
import { formatCount } from '#atelier/core/format.js'
import { readerNames } from '../fuzz/readers.js'
import { supervise } from '../fuzz/supervise.js'
import type { Held, Row, Trial } from '../lib/row.js'

export const fuzz: Row = {
  name: 'fuzz',
  title: `each of ${readerNames.length} readers is given a share alike of files that are damaged or made up; it must read them or refuse them, within 20 s, in an error of our own words`,
  rounds: 100_000 * readerNames.length,
  unit: 'inputs',
  run: fuzzAll,
}

async function fuzzAll({ rounds, seed, folder, progress }: Trial): Promise<Held> {
  const share = Math.ceil(rounds / readerNames.length)
  const failures: string[] = []
  const seen: string[] = []
  let [held, memory] = [0, 0]
  for (const name of readerNames) {
    const result = await supervise(name, { seed, from: 0, count: share }, folder)
    failures.push(...result.failures)
    held += result.read + result.refused
    memory = Math.max(memory, result.memory)
    seen.push(`${name} ${formatCount(result.read)}`)
    progress(`${name}: ${result.read} read, ${result.refused} refused, ${result.failures.length} failed`)
  }
  return {
    held,
    rounds: share * readerNames.length,
    seen: `read, and all others refused: ${seen.join(', ')}; at most ${memory.toFixed(0)} MB`,
    failures,
  }
}
