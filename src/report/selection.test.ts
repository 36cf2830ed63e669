import { describe, expect, it } from 'vitest'
import { selectCells, worstMistakes } from './selection.js'

const scored = (label: number, predicted: number, confidences: readonly number[], from = 0) =>
  confidences.map((confidence, i) => ({ index: from + i, label, predicted, confidence, labelProbability: 0 }))

describe('selectCells', () => {
  it('orders mistakes from the most confident on, right ones from the least', () => {
    const cells = selectCells([...scored(1, 1, [0.9, 0.4, 0.6]), ...scored(0, 1, [0.5, 0.8], 10)], 100)
    expect(cells.map(({ label, predicted, count }) => [label, predicted, count])).toEqual([
      [0, 1, 2],
      [1, 1, 3],
    ])
    expect(cells.map(({ images }) => images.map(({ index }) => index))).toEqual([
      [11, 10],
      [1, 2, 0],
    ])
  })

  it('shows 100 mistakes and 20 right ones of a cell at most', () => {
    const many = Array.from({ length: 130 }, (_, i) => i / 130)
    const [right, wrong] = selectCells([...scored(0, 0, many), ...scored(0, 1, many, 200)], 1000)
    expect([right?.count, right?.images.length]).toEqual([130, 20])
    expect([wrong?.count, wrong?.images.length]).toEqual([130, 100])
    expect(right?.images.at(-1)?.confidence).toBeCloseTo(19 / 130)
    expect(wrong?.images[0]?.confidence).toBeCloseTo(129 / 130)
  })

  it('cuts the largest cells alone where there is no room for all', () => {
    const many = Array.from({ length: 50 }, (_, i) => i / 50)
    const cells = selectCells([...scored(0, 1, many), ...scored(0, 2, many.slice(0, 3), 100)], 20)
    expect(cells.map(({ images }) => images.length)).toEqual([17, 3])
    expect(cells.map(({ count }) => count)).toEqual([50, 3])
  })
})

describe('worstMistakes', () => {
  it('takes the surest wrong images of all cells', () => {
    const images = [...scored(0, 0, [0.99]), ...scored(0, 1, [0.7, 0.9], 1), ...scored(1, 0, [0.8], 3)]
    const worst = worstMistakes(selectCells(images, 100), 2)
    expect(worst.map(({ index }) => index)).toEqual([2, 3])
  })
})
