/** What the browser computes is what the server computes. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keyOf, Random } from '../../src/core/random.js'
import { FASHION_CLASSES } from '../../src/data/classes.js'
import { modelNames } from '../../src/models/names.js'
import type { Prediction, PredictResponse } from '../../src/server/schemas/predict.js'
import { findChromium, NO_CHROMIUM } from '../browser/chromium.js'
import { openStudio, type Studio } from './open-studio.js'

const chromium = findChromium()
const IMAGES = 100
const MODELS = modelNames.join(',')
const BARS = modelNames.length * FASHION_CLASSES.length

describe.skipIf(chromium === null)(`predictions in ${chromium ?? `a browser, ${NO_CHROMIUM}`}`, () => {
  let studio: Studio
  beforeAll(async () => {
    studio = await openStudio(chromium as string)
  }, 120_000)
  afterAll(() => studio?.close(), 120_000)

  it(`equal the server's within 1e-3 for ${IMAGES} test images`, { timeout: 300_000 }, async () => {
    const page = await studio.open(`/try?models=${MODELS}`)
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

  it('warn of noise, in the browser as on the server', { timeout: 60_000 }, async () => {
    const page = await studio.open('/try?models=nn,dnn')
    const warning = page.getByText('This is unlike the images the models know.')
    await page.locator('input[type=file]').setInputFiles(await noise())
    await page.getByText('Computed here by').waitFor()
    await warning.waitFor()
    await page.getByRole('radio', { name: 'On the server' }).click()
    await page.getByText('Computed here by').waitFor({ state: 'detached' })
    await warning.waitFor()
    await page.close()
  })

  const photos = join('examples', 'photos')
  it.each(readdirSync(photos))(
    'name the class that the server names: %s',
    { timeout: 60_000 },
    async (name) => {
      const page = await studio.open(`/try?models=${MODELS}`)
      await page.locator('input[type=file]').setInputFiles(join(photos, name))
      await page.getByText('Computed here by').waitFor()
      const said = await page.locator('#answers + p').textContent()
      for (const { model, class: served } of await servedForPhoto(studio.address, join(photos, name))) {
        expect(said).toContain(`${model}: ${served},`)
      }
      await page.close()
    },
  )
})

/** A picture of noise. */
async function noise(): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const random = new Random(keyOf(1, 'noise'))
  const pixels = Buffer.from(Array.from({ length: 784 }, () => Math.floor(random.between(0, 256))))
  const buffer = await sharp(pixels, { raw: { width: 28, height: 28, channels: 1 } })
    .png()
    .toBuffer()
  return { name: 'noise.png', mimeType: 'image/png', buffer }
}

/** By class, the models' probabilities as the page has them, with four decimals of a percent. */
async function shownFor(page: Page, index: number): Promise<Map<string, number[]>> {
  const address = `/try?models=${MODELS}&image=test:${index}`
  await page.evaluate(`history.replaceState(null, '', '${address}'); dispatchEvent(new Event('popstate'))`)
  await page.getByText(`test image ${index}, labelled`).waitFor()
  await page
    .locator('.probabilities .bar')
    .nth(BARS - 1)
    .waitFor()
  const rows: [string, string[]][] = await page.evaluate(`
    [...document.querySelectorAll('.probabilities tbody tr')].map((row) => [
      row.querySelector('th').firstChild.textContent,
      [...row.querySelectorAll('.bar')].map((bar) => bar.title),
    ])`)
  return new Map(rows.map(([name, titles]) => [name, titles.map((title) => Number.parseFloat(title) / 100)]))
}

async function servedFor(address: string, index: number): Promise<number[][]> {
  const image = await fetch(`${address}/api/data/test/images/${index}.png`)
  const predictions = await ask(
    `${address}/api/predict?models=${MODELS}&invert=no`,
    await image.arrayBuffer(),
  )
  return predictions.map(({ probabilities }) => probabilities)
}

const servedForPhoto = (address: string, path: string): Promise<readonly Prediction[]> =>
  ask(`${address}/api/predict?models=${MODELS}`, new Uint8Array(readFileSync(path)))

async function ask(
  address: string,
  body: ArrayBuffer | Uint8Array<ArrayBuffer>,
): Promise<readonly Prediction[]> {
  const headers = { 'content-type': 'image/png' }
  const response = await fetch(address, { method: 'POST', headers, body })
  const { images } = (await response.json()) as PredictResponse
  const [first] = images
  if (first === undefined || 'error' in first) throw new Error(first?.error)
  return first.predictions
}
