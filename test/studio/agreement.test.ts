/** What the browser computes is what the server computes. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FASHION_CLASSES } from '../../src/data/classes.js'
import type { PredictResponse } from '../../src/server/schemas/predict.js'
import { findChromium, NO_CHROMIUM } from '../browser/chromium.js'
import { openStudio, type Studio } from './open-studio.js'

const chromium = findChromium()
const IMAGES = 100

describe.skipIf(chromium === null)(`predictions in ${chromium ?? `a browser, ${NO_CHROMIUM}`}`, () => {
  let studio: Studio
  beforeAll(async () => {
    studio = await openStudio(chromium as string)
  }, 120_000)
  afterAll(() => studio?.close(), 120_000)

  it(`equal the server's within 1e-3 for ${IMAGES} test images`, { timeout: 300_000 }, async () => {
    const page = await studio.open('/try?models=nn,dnn')
    let largest = 0
    for (let index = 0; index < IMAGES; index++) {
      const [here, there] = [await shownFor(page, index), await servedFor(studio.address, index)]
      there.forEach((probabilities, model) => {
        probabilities.forEach((probability, label) => {
          const shown = here.get(FASHION_CLASSES[label] as string)?.[model] ?? Number.NaN
          largest = Math.max(largest, Math.abs(shown - probability))
        })
      })
    }
    expect(largest).toBeLessThan(1e-3)
    await page.close()
  })
})

/** By class, the probabilities of nn and dnn as the page has them, with four decimals of a percent. */
async function shownFor(page: Page, index: number): Promise<Map<string, number[]>> {
  const address = `/try?models=nn,dnn&image=test:${index}`
  await page.evaluate(`history.replaceState(null, '', '${address}'); dispatchEvent(new Event('popstate'))`)
  await page.getByText(`test image ${index}, labelled`).waitFor()
  await page.locator('.probabilities .bar').nth(19).waitFor()
  const rows: [string, string[]][] = await page.evaluate(`
    [...document.querySelectorAll('.probabilities tbody tr')].map((row) => [
      row.querySelector('th').firstChild.textContent,
      [...row.querySelectorAll('.bar')].map((bar) => bar.title),
    ])`)
  return new Map(rows.map(([name, titles]) => [name, titles.map((title) => Number.parseFloat(title) / 100)]))
}

async function servedFor(address: string, index: number): Promise<number[][]> {
  const image = await fetch(`${address}/api/data/test/images/${index}.png`)
  const response = await fetch(`${address}/api/predict?models=nn,dnn&invert=no`, {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: await image.arrayBuffer(),
  })
  const { images } = (await response.json()) as PredictResponse
  const [first] = images
  if (first === undefined || 'error' in first) throw new Error(first?.error)
  return first.predictions.map(({ probabilities }) => probabilities)
}
