/** Predictions by WebGPU, which Chromium offers without a graphics card, too: by SwiftShader, slowly. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, NO_CHROMIUM } from '../browser/chromium.js'
import { largestDifference } from './answers.js'
import { openStudio, type Studio } from './open-studio.js'
import { visit } from './visit.js'

const chromium = findChromium()
const SLOW = 120_000

describe.skipIf(chromium === null)(`WebGPU in ${chromium ?? `a browser, ${NO_CHROMIUM}`}`, () => {
  let studio: Studio
  beforeAll(async () => {
    studio = await openStudio(chromium as string, { webGpu: true })
  }, SLOW)
  afterAll(() => studio?.close(), SLOW)

  it("gives the server's probabilities within 1e-3", { timeout: SLOW }, async ({ skip }) => {
    const page = await visit(studio, '/try?models=dnn,cnn')
    const offered = await page.evaluate('navigator.gpu?.requestAdapter().then((adapter) => adapter !== null)')
    skip(offered !== true, 'this browser has no WebGPU, not even by SwiftShader')
    expect(await largestDifference(page, ['dnn', 'cnn'], [0, 23, 40])).toBeLessThan(1e-3)
    await page.getByText('Computed here by WebGPU').waitFor()
    expect(studio.troubles).toEqual([])
  })
})
