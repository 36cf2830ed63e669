import { describe, expect, it } from 'vitest'
import { ratioOver, ratioOverBest, rivalsOf } from './ratios.js'
import type { Kind, Result } from './types.js'

function result(id: string, kind: Kind, rate: number, lowest = rate, highest = rate): Result {
  const measured = { rounds: [], rate, lowest, highest, flops: 0, peakMemory: null }
  return { model: 'nn', task: 'one', id, title: id, kind, measured }
}
const own = result('atelier', 'atelier', 300)

describe('ratioOver', () => {
  it('is that of the medians', () => {
    expect(ratioOver(own, result('old', 'pytorch', 100, 80, 150))?.ratio).toBe(3)
  })

  it('is none where the rounds of either differ by more than two times', () => {
    expect(ratioOver(own, result('old', 'pytorch', 100, 50, 101))).toBeNull()
    expect(ratioOver(result('atelier', 'atelier', 300, 100, 300), result('old', 'pytorch', 100))).toBeNull()
  })
})

describe('ratioOverBest', () => {
  it('is over the fastest of those that count for the task', () => {
    const rivals = [
      result('old', 'pytorch', 100),
      result('new', 'pytorch', 150),
      result('ort', 'onnxruntime', 200),
    ]
    const results = [own, result('atelier-f32', 'atelier', 280), ...rivals, result('js', 'javascript', 250)]
    expect(ratioOverBest(results, rivalsOf('training'))).toEqual({ ratio: 2, title: 'new' })
    expect(ratioOverBest(results, rivalsOf('one'))).toEqual({ ratio: 1.5, title: 'ort' })
  })

  it('passes over the unsteady', () => {
    const results = [own, result('old', 'pytorch', 100), result('new', 'pytorch', 150, 100, 300)]
    expect(ratioOverBest(results, ['pytorch'])?.title).toBe('old')
    expect(ratioOverBest([own], ['pytorch'])).toBeNull()
  })

  it('is of another of the own contestants, where it is named', () => {
    const results = [own, result('atelier-wasm', 'atelier', 120), result('tfjs-wasm', 'wasm', 60)]
    expect(ratioOverBest(results, ['wasm'], 'atelier-wasm')).toEqual({ ratio: 2, title: 'tfjs-wasm' })
  })
})
