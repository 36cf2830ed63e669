/** The studio's pure parts. */
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { Serial } from '../../src/core/serial.js'
import { colors } from '../../src/page/theme.js'
import { namedRecipe } from '../../src/recipes/index.js'
import { recipeFields } from '../../src/server/recipe-fields.js'
import { endOf } from '../../studio/src/charts/curve-ends.js'
import { darkened, restyle } from '../../studio/src/charts/restyle.js'
import { batchesOf, joined } from '../../studio/src/inference/batches.js'
import type { Outputs } from '../../studio/src/inference/protocol.js'
import { Sessions } from '../../studio/src/inference/sessions.js'
import { layOut } from '../../studio/src/pages/models/drawing-layout.js'
import { addressOf, changesOf, textOf, typedIn, valueAt } from '../../studio/src/pages/train/recipe-values.js'
import { pixelsFromText, pixelsToText } from '../../studio/src/picture/pixels-text.js'
import { rootOf } from '../../studio/src/router/root.js'
import { english } from '../../studio/src/text/en/index.js'
import { formatIn } from '../../studio/src/text/format.js'
import { messageOf, StudioError } from '../../studio/src/text/studio-error.js'
import { vietnamese } from '../../studio/src/text/vi/index.js'
import { fields } from '../../studio/src/text/vi/recipes.js'
import { titleOf } from '../../studio/src/title.js'

it.each([
  ['http://localhost:8080/assets/index-B1x_y.js', ''],
  ['https://example.org/atelier/assets/worker-B1x_y.js?worker', '/atelier'],
  ['https://example.org/assets/atelier/assets/index-B1x_y.js', '/assets/atelier'],
  ['http://localhost:5173/src/router/root.ts', ''],
])('a module at %s belongs to a studio below %j', (module, root) => {
  expect(rootOf(module)).toBe(root)
})

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

it('says of a value that holds others, in both languages, that null gives way to JSON', () => {
  const keys = Object.keys(recipeFields) as (keyof typeof recipeFields)[]
  const whole = keys.filter((key) => keys.some((other) => other.startsWith(`${key}.`)))
  expect(whole).toEqual([
    ...[
      'teacher',
      'earlyStopping',
      'augmentation',
      'augmentation.affine',
      'augmentation.erase',
      'augmentation.paste',
    ],
  ])
  for (const key of whole) {
    expect(recipeFields[key]).toMatch(/; null: none, or a JSON object\.$/)
    expect(fields[key]).toMatch(/; null: không có, hoặc một đối tượng JSON\.$/)
  }
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

describe('questions to a model', () => {
  const answer = (count: number, first: number): Outputs => ({
    outputs: new Map([['logits', { dims: [count, 2], data: Float32Array.from([first, first + 1]) }]]),
    device: 'WebAssembly',
    milliseconds: 2,
  })

  it('are asked in parts of 32 images, and answered as one', () => {
    const images = Uint8Array.from({ length: 70 * 784 }, (_, i) => Math.floor(i / 784))
    const batches = batchesOf(images, 70)
    expect(batches.map((batch) => [batch.count, batch.images.length / 784, batch.images[0]])).toEqual([
      [32, 32, 0],
      [32, 32, 32],
      [6, 6, 64],
    ])
    const { outputs, milliseconds } = joined([answer(1, 0), answer(1, 2)])
    expect(outputs.get('logits')).toEqual({ dims: [2, 2], data: Float32Array.from([0, 1, 2, 3]) })
    expect(milliseconds).toBe(4)
  })

  it('wait for one another, also for one that fails', async () => {
    const line = new Serial()
    const order: string[] = []
    const first = line.run(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      order.push('first')
      throw new Error('no')
    })
    const second = line.run(async () => order.push('second'))
    await expect(first).rejects.toThrow('no')
    expect(await second).toBe(2)
    expect(order).toEqual(['first', 'second'])
  })

  it('are never begun when they are dropped before their turn', async () => {
    const line = new Serial()
    const [task, dropped] = [vi.fn(async () => 1), new AbortController()]
    const first = line.run(async () => dropped.abort())
    await expect(line.run(task, dropped.signal)).rejects.toThrow(/abort/)
    await first
    expect(task).not.toHaveBeenCalled()
    expect(await line.run(task)).toBe(1)
  })
})

describe('open models', () => {
  const opened: string[] = []
  const released: string[] = []
  const get = (sessions: Sessions<{ release(): Promise<void> }>, url: string, version = '1') =>
    sessions.get({ url, version }, async () => {
      const name = `${url}${version}`
      opened.push(name)
      return { release: async () => void released.push(name) }
    })

  it('are the ones used last, with the weights of now', async () => {
    const sessions = new Sessions<{ release(): Promise<void> }>(2)
    for (const url of ['a', 'b', 'a', 'c', 'a']) await get(sessions, url)
    expect([opened, released]).toEqual([['a1', 'b1', 'c1'], ['b1']])
    await get(sessions, 'a', '2')
    expect([opened.at(-1), released]).toEqual(['a2', ['b1', 'a1']])
  })

  it('are none that failed to open', async () => {
    const sessions = new Sessions<{ release(): Promise<void> }>(2)
    const failing = sessions.get({ url: 'a', version: '1' }, () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
    await get(sessions, 'a')
    expect(opened.at(-1)).toBe('a1')
  })
})

describe('what the studio says', () => {
  it('of errors is in the language of the reader, with their values', () => {
    const error = new StudioError('badImage', 'test:x')
    expect(error.message).toBe('image: expected train:N, test:N or own, received test:x')
    expect(messageOf(error, vietnamese.errors)).toBe(
      'image: cần train:N, test:N hoặc own, nhưng nhận được test:x',
    )
    expect(messageOf(new StudioError('silent'), vietnamese.errors)).toMatch(/^Máy chủ không trả lời/)
    expect(new StudioError('status', 404, '').message).toBe('The server answered 404.')
    expect(messageOf(new Error('its own'), vietnamese.errors)).toBe('its own')
  })

  it('of curves is how they end', () => {
    const last = {
      ...{ epoch: 2, loss: 0.25, accuracy: 0.9, val_loss: null, val_accuracy: 0.875 },
      ...{ learning_rate: 0.1, images_per_second: 1, seconds: 1 },
    }
    expect(endOf(last, 'loss', formatIn('en'))).toEqual({ training: '0.2500', heldOut: null })
    const { training, heldOut } = endOf(last, 'accuracy', formatIn('vi'))
    expect(
      vietnamese.models.curvesAlt('Accuracy', formatIn('vi').epochs(last.epoch), training, heldOut),
    ).toBe('Accuracy theo epoch; sau 2 epoch: huấn luyện 90,00\u00a0%, ảnh để riêng 87,50\u00a0%')
  })

  it.each([
    ['/', 'Try · Atelier'],
    ['/models', 'Models · Atelier'],
    ['/models/run%3Ann', 'run:nn · Models · Atelier'],
    ['/models/nn/confusion', 'nn · Confusion matrix · Models · Atelier'],
    ['/models/compare', 'Two models, one image · Models · Atelier'],
    ['/models/%', '% · Models · Atelier'],
    ['/train/nn-quick-seed1', 'nn-quick-seed1 · Train · Atelier'],
    ['/data/train/7', 'training image 7 · Data · Atelier'],
    ['/data/map', 'Map · Data · Atelier'],
    ['/nowhere/else', 'There is no such page. · Atelier'],
  ])('of %s in the title is %s', (path, title) => {
    expect(titleOf(path, english)).toBe(title)
  })
})
