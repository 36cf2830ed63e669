import { describe, expect, it } from 'vitest'
import { keyOf, Random } from '../core/random.js'
import { openTrained } from '../runs/open-trained.js'
import type { TrainedModel } from '../runs/trained-model.js'
import { answerOf } from './answer.js'
import { KnownImages } from './known-images.js'

/** A model of ten classes and the logits of `count` images held out, all near those of class 0. */
async function modelOf(count: number, unfamiliarFrom: number | null): Promise<TrainedModel> {
  const random = new Random(keyOf(1))
  const logits = Float32Array.from(
    { length: 10 * count },
    (_, i) => (i % 10 === 0 ? 9 : 0) + random.uniform(),
  )
  const heldOut = { logits, labels: new Uint8Array(count), count }
  return { ...(await openTrained('nn')), unfamiliarFrom, heldOutLogits: () => Promise.resolve(heldOut) }
}
const usual = Float32Array.from({ length: 10 }, (_, i) => (i === 0 ? 9 : 0) + 0.5)
const unusual = Float32Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? 4 : -4))
const image = Uint8Array.from({ length: 784 }, (_, i) => i % 256)

const isUnfamiliar = (pixels: Uint8Array, logits: Float32Array, known: KnownImages | null) =>
  answerOf(pixels, logits, { classes: [], temperature: null, known }).unfamiliar

describe('the images that a model knows', () => {
  it('tell similar images from others by a threshold that they give themselves', async () => {
    const known = await KnownImages.of(await modelOf(100, null))
    expect(known?.compare(usual).threshold).toBe(known?.threshold)
    expect(isUnfamiliar(image, usual, known)).toBe(false)
    expect(isUnfamiliar(image, unusual, known)).toBe(true)
  })

  it('take the threshold that was stored', async () => {
    const known = await KnownImages.of(await modelOf(100, 1e9))
    expect(known?.threshold).toBe(1e9)
    expect(isUnfamiliar(image, unusual, known)).toBe(false)
  })

  it('are too few to tell, or none', async () => {
    expect(await KnownImages.of(await modelOf(3, null))).toBeNull()
    const without = { ...(await modelOf(3, null)), heldOutLogits: () => Promise.resolve(null) }
    expect(await KnownImages.of(without)).toBeNull()
    expect(isUnfamiliar(image, usual, null)).toBeNull()
  })

  it('never know a blank image', async () => {
    const blank = new Uint8Array(784).fill(90)
    expect(isUnfamiliar(blank, usual, null)).toBe(true)
    expect(isUnfamiliar(blank, usual, await KnownImages.of(await modelOf(100, 1e9)))).toBe(true)
  })
})
