/** What the page shows of test images, beside what the server answers. */
import type { Page } from 'playwright-core'
import { FASHION_CLASSES } from '../../src/data/classes.js'
import type { ModelName } from '../../src/models/names.js'
import type { Prediction, PredictResponse } from '../../src/server/schemas/predict.js'

/** Waits for all models that are asked in the browser: each is opened when it is first asked, and resnet50 has 105 MB. */
export const answered = (page: Page): Promise<void> =>
  page.getByText('Computed here by').waitFor({ timeout: 90_000 })

/** To another address of the studio, as its links do: what the page has loaded and opened stays. */
export const goWithin = (page: Page, address: string): Promise<void> =>
  page.evaluate(`history.replaceState(null, '', '${address}'); dispatchEvent(new Event('popstate'))`)

/** The largest difference of a probability between the page Try, in a tab of the studio, and the server. */
export async function largestDifference(
  page: Page,
  models: readonly ModelName[],
  indices: readonly number[],
): Promise<number> {
  let largest = 0
  for (const index of indices) {
    const [here, there] = [await shownFor(page, models, index), await servedFor(page, models, index)]
    there.forEach((probabilities, model) => {
      probabilities.forEach((probability, label) => {
        const shown = here.get(FASHION_CLASSES[label] as string)?.[model] ?? Number.NaN
        // Not a number where the page has none, which no bound lets pass.
        largest = Math.max(largest, Math.abs(shown - probability))
      })
    })
  }
  return largest
}

/** By class, the models' probabilities as the page has them, with four decimals of a percent. */
async function shownFor(
  page: Page,
  models: readonly ModelName[],
  index: number,
): Promise<Map<string, number[]>> {
  const address = `/try?models=${models.join(',')}&image=test:${index}`
  await goWithin(page, address)
  await page.getByText(`test image ${index}, labelled`).waitFor()
  const bars = models.length * FASHION_CLASSES.length
  // A model is opened when it is first asked.
  await page
    .locator('.probabilities .bar')
    .nth(bars - 1)
    .waitFor({ timeout: 90_000 })
  const rows: [string, string[]][] = await page.evaluate(`
    [...document.querySelectorAll('.probabilities tbody tr')].map((row) => [
      row.querySelector('th').firstChild.textContent,
      [...row.querySelectorAll('.bar')].map((bar) => bar.title),
    ])`)
  return new Map(rows.map(([name, titles]) => [name, titles.map((title) => Number.parseFloat(title) / 100)]))
}

async function servedFor(page: Page, models: readonly ModelName[], index: number): Promise<number[][]> {
  const { origin } = new URL(page.url())
  const image = await fetch(`${origin}/api/data/test/images/${index}.png`)
  const predictions = await ask(origin, models, new Uint8Array(await image.arrayBuffer()), 'no')
  return predictions.map(({ probabilities }) => probabilities)
}

/** The server's answers for an image file. */
export async function ask(
  address: string,
  models: readonly ModelName[],
  body: Uint8Array<ArrayBuffer>,
  invert = 'auto',
): Promise<readonly Prediction[]> {
  const headers = { 'content-type': 'image/png' }
  const path = `${address}/api/predict?models=${models.join(',')}&invert=${invert}`
  const response = await fetch(path, { method: 'POST', headers, body })
  const { images } = (await response.json()) as PredictResponse
  const [first] = images
  if (first === undefined || 'error' in first) throw new Error(first?.error)
  return first.predictions
}
