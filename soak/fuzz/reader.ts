/** What every reader of files is held to: it reads or refuses, in time, and refuses in words that are meant for users. */
import { AtelierError } from '#atelier/core/errors.js'
import type { Random } from '../../bench/lib/random.js'

/** Files that stand in the place of a valid set's; null: one that is not there. */
export type Input = Readonly<Record<string, Buffer | null>>

export interface Reader {
  /** Inputs that are read at the same time. */
  readonly atOnce: number
  /** The same numbers make the same input. */
  make(random: Random): Input
  read(input: Input): Promise<unknown>
}

export type Verdict = 'read' | 'refused' | { readonly error: unknown }

/** Milliseconds after which a reader hangs; one that others keep from the processor is given a second chance. */
const PATIENCE = [20_000, 60_000]

export async function judge(reader: Reader, input: Input): Promise<Verdict> {
  for (const patience of PATIENCE) {
    try {
      if ((await inTime(reader.read(input), patience)) !== LATE) return 'read'
    } catch (error) {
      return isMeantForUsers(error) ? 'refused' : { error }
    }
  }
  return { error: new Error(`no answer in ${PATIENCE.join(' and in ')} ms`) }
}

const LATE = Symbol('no answer yet')

async function inTime(promise: Promise<unknown>, patience: number): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => resolve(LATE), patience)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Words of zod, V8, libvips and its codecs, zlib and Node: a user has not met them. */
const FOREIGN = [
  /Invalid (input|option|discriminator)|Invalid (string|number): |Too (big|small): |Unrecognized key|✖/,
  /JSON at position|is not valid JSON|Unexpected (token|end|number|string|non-whitespace)/,
  /Cannot (read|set|destructure|convert|mix|create)|is not (a function|iterable|defined|a constructor)/,
  /call stack|Invalid (array|typed array|string|count|time)|allocation failed|out of bounds|offset is/i,
  /vips|libspng|libpng|heif|jpegload|gifload|\bcorrupt header|Input (buffer|file)|unsupported image format/i,
  /incorrect (header|data|length) check|invalid (distance|block|code|stored|window|bit length)|\bZ_[A-Z]+_ERROR\b/,
  /illegal operation|\[object |(?<!["\w])undefined(?!["\w])/,
]
/** The same as in `src/core/errors.ts`, and what is longer than a screen. */
const UNPRINTABLE = /(?!\n)[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u
const LONGEST = 2000

export const isMeantForUsers = (error: unknown): boolean =>
  error instanceof AtelierError && isInOwnWords(error.message)

export const isInOwnWords = (message: string): boolean =>
  message.length <= LONGEST && ![UNPRINTABLE, ...FOREIGN].some((words) => words.test(message))
