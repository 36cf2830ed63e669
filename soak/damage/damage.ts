/** One bit flipped, or the end lost, of one file: what its reader makes of that. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Random } from '../../bench/lib/random.js'
import { below } from '../fuzz/mutate.js'
import { judge } from '../fuzz/reader.js'
import type { DamagedFile } from './files.js'

export interface Damage {
  /** What was done, as it can be done again. */
  readonly what: string
  readonly bytes: Buffer
}

export function damageOf(original: Buffer, random: Random): Damage {
  const place = below(random, original.length)
  if (random() < 0.5) return { what: `cut to ${place} bytes`, bytes: original.subarray(0, place) }
  const bit = below(random, 8)
  const bytes = Buffer.from(original)
  bytes.writeUInt8(bytes.readUInt8(place) ^ (1 << bit), place)
  return { what: `bit ${bit} of byte ${place} flipped`, bytes }
}

export interface Judged {
  readonly refused: boolean
  /** Null: as it must be. */
  readonly failure: string | null
}

/** Reads the damaged file, and puts the whole one back. */
export async function judgeDamage(file: DamagedFile, { what, bytes }: Damage): Promise<Judged> {
  const path = join(file.directory, file.name)
  writeFileSync(path, bytes)
  const verdict = await judge({ atOnce: 1, make: () => ({}), read: file.read }, {})
  writeFileSync(path, file.bytes)
  const failed = (why: string) => ({ refused: false, failure: `${file.name}, ${what}: ${why}` })
  if (verdict === 'read') return file.checked ? failed('read') : { refused: false, failure: null }
  return verdict === 'refused' ? { refused: true, failure: null } : failed(String(verdict.error))
}
