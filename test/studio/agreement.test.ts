/** What the browser computes is what the server computes. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keyOf, Random } from '../../src/core/random.js'
import { modelNames } from '../../src/models/names.js'
import { findChromium, NO_CHROMIUM } from '../browser/chromium.js'
import { answered, ask, goWithin, largestDifference } from './answers.js'
import { openStudio, type Studio } from './open-studio.js'
import { visit } from './visit.js'

const chromium = findChromium()
const SLOW = 120_000
const IMAGES = 100
const MODELS = modelNames.join(',')

describe.skipIf(chromium === null)(`predictions in ${chromium ?? `a browser, ${NO_CHROMIUM}`}`, () => {
  let studio: Studio
  beforeAll(async () => {
    studio = await openStudio(chromium as string)
  }, SLOW)
  afterAll(() => studio?.close(), SLOW)

  it(`equal the server's within 1e-3 for ${IMAGES} test images`, { timeout: 300_000 }, async () => {
    const page = await visit(studio, `/try?models=${MODELS}`)
    const indices = Array.from({ length: IMAGES }, (_, index) => index)
    expect(await largestDifference(page, modelNames, indices)).toBeLessThan(1e-3)
  })

  it('warn of noise, in the browser as on the server', { timeout: SLOW }, async () => {
    const page = await visit(studio, '/try?models=nn,dnn')
    const warning = page.getByText('This is unlike the images the models know.')
    await page.locator('input[type=file]').setInputFiles(await noise())
    await answered(page)
    await warning.waitFor()
    await page.getByRole('radio', { name: 'On the server' }).click()
    await page.getByText('Computed here by').waitFor({ state: 'detached' })
    await warning.waitFor()
  })

  describe('of a photo', () => {
    const photos = join('examples', 'photos')
    /** One for all: each opens the models, and resnet50 has 105 MB. */
    let page: Page
    beforeAll(async () => {
      page = await studio.open(`/try?models=${MODELS}`)
    }, SLOW)
    afterAll(() => page?.close(), SLOW)

    it.each(readdirSync(photos))(
      'name the class that the server names: %s',
      { timeout: SLOW },
      async (name) => {
        await goWithin(page, `/try?models=${MODELS}`)
        await page.locator('#answers').waitFor({ state: 'detached' })
        await page.locator('input[type=file]').setInputFiles(join(photos, name))
        await answered(page)
        const said = await page.locator('#answers + p').textContent()
        for (const { model, class: served } of await ask(
          studio.address,
          modelNames,
          readFileSync(join(photos, name)),
        )) {
          expect(said).toContain(`${model}: ${served},`)
        }
      },
    )
  })
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
