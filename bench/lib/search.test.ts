import { expect, it } from 'vitest'
import { search } from './search.js'
import type { Mode, Threads } from './types.js'

const [one, two] = [
  { own: 1, blas: 1 },
  { own: 2, blas: 1 },
]
const mode = (name: string): Mode => ({ name, precision: 'f32' })

/** `plain` and `wide`, each of them `traced` too, the best of these `tuned`; two threads double every rate. */
const rates: Readonly<Record<string, number>> = {
  plain: 10,
  wide: 8,
  'plain traced': 9,
  'wide traced': 20,
  'wide traced tuned': 19,
}
const searched = {
  settings: [one, two],
  seconds: 1,
  variants: async (stage: number, best: Mode | null) => {
    if (stage === 0) return [mode('plain'), mode('wide')]
    if (stage === 1) return [mode(`${best?.name} traced`)]
    return stage === 2 ? [mode(`${best?.name} tuned`)] : []
  },
}

it('finds the mode that only a variant of a slower one is, and tries the last ones longest', async () => {
  const asked: string[] = []
  const rateOf = async ({ name }: Mode, { own }: Threads, seconds: number) => {
    asked.push(`${name}, ${own}: ${seconds}`)
    return own * (rates[name] ?? 0)
  }
  const [best, second] = await search({ ...searched, rateOf })
  expect(best).toMatchObject({ mode: { name: 'wide traced' }, threads: two, rate: 40 })
  expect(second?.mode.name).toBe('wide traced tuned')
  expect(asked.slice(0, 4)).toEqual(['plain, 1: 1', 'wide, 1: 1', 'plain, 2: 1', 'wide, 2: 1'])
  expect(asked.slice(4, 6).sort()).toEqual(['plain traced, 2: 2', 'wide traced, 2: 2'])
  expect(asked.slice(-3).every((trial) => trial.endsWith(': 4'))).toBe(true)
})

it('goes on past modes that fail, and says why', async () => {
  const rateOf = async ({ name }: Mode, { own }: Threads) => {
    if (name.endsWith('traced')) throw new Error('cannot trace')
    return own
  }
  const trials = await search({ ...searched, rateOf })
  expect(trials[0]).toMatchObject({ threads: two, rate: 2 })
  expect(trials.find(({ failed }) => failed)).toMatchObject({
    mode: { name: 'plain traced' },
    failed: 'cannot trace',
  })
})
