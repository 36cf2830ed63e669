/** Makes an input that was found smaller, as long as it fails alike: halves are left out, then ever smaller pieces. */
import { messageOf } from '#atelier/core/errors.js'
import type { Finding } from './fuzz.js'
import { type Input, judge, type Reader } from './reader.js'

const MOST_TRIES = 300
const MOST_MILLISECONDS = 20_000

export async function shrink(reader: Reader, { input, error }: Finding): Promise<Input> {
  const [wanted, end] = [likeness(error), performance.now() + MOST_MILLISECONDS]
  let smallest = input
  let tries = 0
  const failsAlike = async (smaller: Input): Promise<boolean> => {
    const verdict = await judge(reader, smaller)
    return typeof verdict !== 'string' && likeness(verdict.error) === wanted
  }
  for (const name of Object.keys(input)) {
    for (let part = 2; part <= 64; part *= 2) {
      for (let piece = 0; piece < part; piece++) {
        if (++tries > MOST_TRIES || performance.now() > end) return smallest
        const smaller = without(smallest, name, piece / part, (piece + 1) / part)
        if (smaller !== null && (await failsAlike(smaller))) smallest = smaller
      }
    }
  }
  return smallest
}

function without(input: Input, name: string, from: number, to: number): Input | null {
  const bytes = input[name]
  if (!bytes) return null
  const [begin, end] = [Math.floor(from * bytes.length), Math.floor(to * bytes.length)]
  if (begin === end) return null
  return { ...input, [name]: Buffer.concat([bytes.subarray(0, begin), bytes.subarray(end)]) }
}

/** What stays of an error when its input gets smaller. */
const likeness = (error: unknown): string =>
  `${error instanceof Error ? error.constructor.name : ''} ${messageOf(error).replaceAll(/[\d"'].*/g, '')}`
