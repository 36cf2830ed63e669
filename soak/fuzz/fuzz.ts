/** Gives a reader one input after another. */
import { randomOf } from '../../bench/lib/random.js'
import { type Input, judge, type Reader } from './reader.js'

export interface Range {
  readonly seed: number
  /** The number of the first input, and how many there are. */
  readonly from: number
  readonly count: number
}

export interface Finding {
  readonly number: number
  readonly input: Input
  readonly error: unknown
}

export interface Findings {
  read: number
  refused: number
  readonly found: Finding[]
}

/** The input of that number, which does not depend on those before it. */
export const inputOf = (reader: Reader, seed: number, number: number): Input =>
  reader.make(randomOf(seed * 1_000_003 + number))

/** @param onNext - What is told before each input: a reader may take the process with it. */
export async function fuzz(
  reader: Reader,
  { seed, from, count }: Range,
  onNext: (number: number, slot: number) => void = () => {},
): Promise<Findings> {
  const findings: Findings = { read: 0, refused: 0, found: [] }
  let next = from
  const work = async (slot: number): Promise<void> => {
    while (next < from + count) {
      const number = next++
      onNext(number, slot)
      const input = inputOf(reader, seed, number)
      const verdict = await judge(reader, input)
      if (typeof verdict === 'string') findings[verdict]++
      else findings.found.push({ number, input, ...verdict })
    }
  }
  await Promise.all(Array.from({ length: reader.atOnce }, (_, slot) => work(slot)))
  return findings
}
