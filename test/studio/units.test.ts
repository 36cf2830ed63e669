/** The studio's pure parts. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { colors } from '../../src/report/theme.js'
import { namedRecipe } from '../../src/train/recipes/index.js'
import { darkened, restyle } from '../../studio/src/charts/restyle.js'
import { layOut } from '../../studio/src/pages/models/drawing-layout.js'
import { addressOf, changesOf, textOf, typedIn, valueAt } from '../../studio/src/pages/train/recipe-values.js'
import { pixelsFromText, pixelsToText } from '../../studio/src/picture/pixels-text.js'

describe('pixels in a link', () => {
  it('come back as they went', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 784, maxLength: 784 }), (pixels) => {
        const text = pixelsToText(pixels)
        expect(text).toMatch(/^[\w-]+$/)
        expect(pixelsFromText(text)).toEqual(pixels)
      }),
    )
  })

  it.each(['', 'abc', '!'.repeat(1046), pixelsToText(new Uint8Array(784)).slice(4)])(
    'are none in %j',
    (text) => {
      expect(pixelsFromText(text)).toBeNull()
    },
  )
})

describe("a recipe's values", () => {
  const recipe = namedRecipe('quick', 'nn')

  it('are found by their keys', () => {
    expect(valueAt(recipe, 'schedule.learningRate')).toBe(recipe.schedule.learningRate)
    expect(valueAt({ ...recipe, augmentation: null }, 'augmentation.affine.rotation')).toBeUndefined()
    expect([textOf('auto'), textOf(null), textOf([1, 2])]).toEqual(['auto', 'null', '[1,2]'])
  })

  it('are changes only where they differ', () => {
    const typed = new Map([
      ['epochs', String(recipe.epochs)],
      ['batch', ' 16 '],
      ['smoothing', ''],
      ['augmentation.translate', '2'],
    ])
    expect(changesOf(recipe, typed)).toEqual(['batch=16'])
  })

  it('come back from an address, emptied ones and pairs too', () => {
    const typed = new Map([
      ['batch', '16'],
      ['smoothing', ''],
      ['augmentation.affine.zoom', '[0.9,1.1]'],
    ])
    expect(addressOf(typed)).toBe('batch=16;smoothing=;augmentation.affine.zoom=[0.9,1.1]')
    expect(typedIn(addressOf(typed))).toEqual(typed)
    expect(typedIn('')).toEqual(new Map())
  })
})

describe("a plot's option", () => {
  it('is darkened everywhere, and functions stay', () => {
    const formatter = (): string => ''
    const option = { series: [{ color: colors.blue.light, label: { formatter } }], min: 0 }
    expect(restyle(option, darkened)).toEqual({
      series: [{ color: colors.blue.dark, label: { formatter } }],
      min: 0,
    })
  })
})

describe('the drawing of a network', () => {
  const layer = (name: string, inputs: string[], shape: number[]) => ({
    name,
    op: 'conv2d',
    params: {},
    inputs,
    shape,
    parameters: 0,
    trainable: 0,
  })

  it('keeps boxes apart, and knows what leaps', () => {
    const { boxes, edges, width } = layOut([
      layer('a', [], [28, 28, 1]),
      layer('b', ['a'], [14, 14, 64]),
      layer('c', ['b', 'a'], [10]),
    ])
    for (const [i, box] of boxes.slice(1).entries()) {
      const before = boxes[i] as (typeof boxes)[number]
      expect(box.x).toBeGreaterThan(before.x + before.width)
    }
    expect(width).toBeGreaterThan((boxes.at(-1)?.x ?? 0) + 10)
    expect(edges.map(({ from, to, leaps }) => [from.layer.name, to.layer.name, leaps])).toEqual([
      ['a', 'b', false],
      ['b', 'c', false],
      ['a', 'c', true],
    ])
  })
})
