/** Predictions by WebGPU, which Chromium offers without a graphics card, too: by SwiftShader, slowly. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, NO_CHROMIUM } from '../browser/chromium.js'
import { largestDifference } from './answers.js'
import { openStudio, type Studio } from './open-studio.js'
import { visit } from './visit.js'

const chromium = findChromium()
const SLOW = 120_000

/** What a browser has whose graphics driver fails when it is really asked for. */
const NO_DEVICE = `Object.defineProperty(navigator, 'gpu', { value: {
  requestAdapter: async () => ({
    features: new Set(), limits: {}, info: {},
    requestDevice: async () => { throw new Error('no device') },
  }),
} })`

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

  it('that has an adapter and no device gives way to WebAssembly', { timeout: SLOW }, async () => {
    const page = await visit(studio, '/models')
    // Chromium's own scripts of pages do not reach a worker: its file is given this beginning.
    await page.route(/\/assets\/worker-[^/]*\.js$/, async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: `${NO_DEVICE};${await response.text()}` })
    })
    await page.goto(`${studio.address}/try?models=nn`)
    expect(await largestDifference(page, ['nn'], [0, 23])).toBeLessThan(1e-3)
    await page.getByText('Computed here by WebAssembly').waitFor()
  })
})
