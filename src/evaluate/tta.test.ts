import { describe, expect, it } from 'vitest'
import { linearGraph } from '../../test/support/run.js'
import { createReferenceEngine } from '../engine/reference/engine.js'
import { initializeWeights } from '../train/initialize.js'
import { logitsOverViews, viewOf, views } from './tta.js'

const rowsOf = (images: Uint8Array, width: number): string[] =>
  Array.from({ length: images.length / width }, (_, i) =>
    images.subarray(i * width, (i + 1) * width).join(''),
  )

describe('viewOf', () => {
  const pair = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 7, 6)
  const seen = (rows: number, columns: number, mirrored: boolean): string[] =>
    rowsOf(viewOf(pair, { rows, columns, mirrored, weight: 1 }, { height: 2, width: 3 }), 3)

  it('moves each image, zeros coming in, and then mirrors it', () => {
    expect(seen(0, 0, false)).toEqual(['123', '456', '789', '876'])
    expect(seen(0, 0, true)).toEqual(['321', '654', '987', '678'])
    expect(seen(1, 1, false)).toEqual(['000', '012', '000', '078'])
    expect(seen(1, 1, true)).toEqual(['000', '210', '000', '870'])
    expect(seen(-1, -1, false)).toEqual(['560', '000', '760', '000'])
    expect(seen(-1, -1, true)).toEqual(['065', '000', '067', '000'])
  })
})

describe('the views', () => {
  it('are the image and five more, of weights that sum to one', () => {
    expect(views[0]).toMatchObject({ rows: 0, columns: 0, mirrored: false })
    expect(new Set(views.map(({ rows, columns, mirrored }) => [rows, columns, mirrored].join())).size).toBe(6)
    expect(views.reduce((sum, { weight }) => sum + weight, 0)).toBe(1)
  })
})

describe('logitsOverViews', () => {
  const images = Uint8Array.from({ length: 3 * 16 }, (_, i) => (i * 97 + 31) % 256)

  it("is the mean by airbench's weights, which of a linear model is that of the mean view", async () => {
    const graph = linearGraph()
    const weights = initializeWeights(graph, 1)
    const scaling = { scale: 1 / 255, shift: -0.25 }
    const classifier = await createReferenceEngine().classifier(graph, { precision: 'f32', scaling })
    await classifier.load(weights)
    const plain = await classifier.logits(images, 3)
    const logits = await logitsOverViews(classifier, images, plain, { height: 4, width: 4 })
    // 0.5 mirror(x) + 0.25 (mirror(x moved one way) + mirror(x moved the other)), pixel by pixel.
    const pixel = (image: number, row: number, column: number): number =>
      row < 0 || row > 3 || column < 0 || column > 3 ? 0 : (images[16 * image + 4 * row + column] as number)
    const moved = (image: number, row: number, column: number): number =>
      pixel(image, row, column) / 2 +
      (pixel(image, row - 1, column - 1) + pixel(image, row + 1, column + 1)) / 4
    const matrix = weights.get('dense_1.weight') as Float32Array
    for (const [i, logit] of logits.entries()) {
      const image = Math.floor(i / 3)
      let expected = 0
      for (let at = 0; at < 16; at++) {
        const [row, column] = [Math.floor(at / 4), at % 4]
        const mean = (moved(image, row, column) + moved(image, row, 3 - column)) / 2
        expected += (matrix[16 * (i % 3) + at] as number) * (mean / 255 - 0.25)
      }
      expect(logit).toBeCloseTo(expected, 5)
    }
  })
})
