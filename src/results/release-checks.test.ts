import { describe, expect, it } from 'vitest'
import { runRecord } from '../../test/support/records.js'
import { AtelierError } from '../core/errors.js'
import { storeGraph } from '../graph/graph.js'
import { dnn } from '../models/dnn.js'
import type { RunRecord } from '../runs/formats/record.js'
import { checkChange, checkPair } from './release-checks.js'

const run = { directory: 'runs/a', record: runRecord({ heldOutImages: 0 }, { holdOut: 0 }) }
const pair = (changes: Partial<RunRecord>, recipe: Parameters<typeof runRecord>[1] = {}) => {
  const record = runRecord({ heldOutImages: 5000, ...changes }, { holdOut: 5000, ...recipe })
  return () => checkPair(run, { directory: 'runs/b', record })
}

describe('the run that held images out', () => {
  it('may have another seed', () => {
    expect(pair({ seed: 2 })).not.toThrow()
  })

  it.each<[string, () => void, string]>([
    ['of another model', pair({ model: 'dnn' }), 'expected a run of cnn, received one of dnn'],
    ['of other layers', pair({ graph: storeGraph(dnn()) }), 'expected the same layers, received others'],
    [
      'by another recipe',
      pair({ recipeName: 'tuned' }),
      'a run by the recipe published, received one by tuned',
    ],
    [
      'by other values of it',
      pair({}, { epochs: 39 }),
      'expected the values of runs/a but for the images held out',
    ],
    ['that held out none', pair({ heldOutImages: 0 }), 'expected a run that held images out'],
  ])('%s is refused', (_, check, message) => {
    expect(check).toThrow(AtelierError)
    expect(check).toThrow(`--held-out runs/b: `)
    expect(check).toThrow(message)
  })
})

describe('rounding to f16', () => {
  it('may change five images of ten thousand, and no more', () => {
    expect(() => checkChange(run, 0.95, 0.9505)).not.toThrow()
    expect(() => checkChange(run, 0.95, 0.9495)).not.toThrow()
    expect(() => checkChange(run, 0.95, 0.9506)).toThrow(
      'runs/a: expected a test accuracy in f16 within 0.05 points of 95.00 %, received 95.06 %',
    )
    expect(() => checkChange(run, 0.95, 0.9494)).toThrow(AtelierError)
  })
})
