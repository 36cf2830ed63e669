/** Flipped bits and lost ends of the files that a training leaves, and of released weights. */
import { formatCount } from '#atelier/core/format.js'
import { randomOf } from '../../bench/lib/random.js'
import { damageOf, judgeDamage } from '../damage/damage.js'
import { damagedFiles } from '../damage/files.js'
import type { Held, Row, Trial } from '../lib/row.js'

export const damage: Row = {
  name: 'damage',
  title:
    'of each file of a run and of released weights in turn, one bit is flipped or the end cut off. Weights, checkpoints and logits must be refused; JSON and CSV refused, or read as the edit that it is',
  rounds: 12_000,
  unit: 'files',
  run: damageAgainAndAgain,
}

async function damageAgainAndAgain({ rounds, seed, folder, progress }: Trial): Promise<Held> {
  const random = randomOf(seed)
  const files = await damagedFiles(folder)
  const failures: string[] = []
  const count = { checked: 0, text: 0, textRefused: 0 }
  for (let round = 0; round < rounds; round++) {
    const file = files[round % files.length]
    if (file === undefined) break
    const { refused, failure } = await judgeDamage(file, damageOf(file.bytes, random))
    if (failure !== null) failures.push(`round ${round + 1}: ${failure}`)
    count[file.checked ? 'checked' : 'text']++
    if (!file.checked && refused) count.textRefused++
    if ((round + 1) % 1000 === 0) progress(`${formatCount(round + 1)} files, ${failures.length} failed`)
  }
  const seen =
    `${formatCount(count.checked)} of them with a checksum, ${formatCount(count.text)} of JSON and CSV, of which ` +
    `${formatCount(count.textRefused)} were refused`
  return { held: rounds - failures.length, rounds, seen, failures }
}
