/** Every page in a light window of a desk and in a dark one of a phone: for everyone to read, and none too wide. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, NO_CHROMIUM } from '../browser/chromium.js'
import { openStudio, type Studio, settled, writeAudit } from './open-studio.js'
import { seriousViolations } from './violations.js'
import { visit } from './visit.js'

const chromium = findChromium()
const SLOW = 120_000

describe.skipIf(chromium === null)(`every page in ${chromium ?? `a browser, ${NO_CHROMIUM}`}`, () => {
  let studio: Studio
  beforeAll(async () => {
    studio = await openStudio(chromium as string)
    await writeAudit(studio.runs)
  }, SLOW)
  afterAll(() => studio?.close(), SLOW)

  const everyPage = [
    '/try',
    '/try?image=test:23&models=nn,cnn&why=cnn',
    '/try?input=draw',
    '/try?input=camera',
    '/try?image=test:23&where=server&why=cnn&lang=vi',
    '/models',
    '/models/nn',
    '/models/nn/confusion?truth=6&predicted=0',
    '/models/dnn/mistakes',
    '/models/nn/reliability',
    '/models/resnet50/layers',
    '/models/compare?a=nn&b=dnn&image=test:7',
    '/train?model=resnet50&recipe=long&set=epochs=3',
    '/data',
    '/data/means',
    '/data/test/7',
    '/data/suspicious',
    '/data/map?model=nn',
    '/inside?image=test:3&model=cnn',
    '/docs',
  ]
  it.each(everyPage)('%s is accessible and fits', { timeout: SLOW }, async (path) => {
    const page = await visit(studio, path, { scheme: 'light', width: 1440 })
    await settled(page)
    await expectAccessible(page, 1440)
    // The same page in a smaller window of the evening: what it shows has to follow.
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    await page.setViewportSize({ width: 390, height: 900 })
    await settled(page)
    await expectAccessible(page, 390)
  })

  it('says nothing in the console', () => {
    expect(studio.troubles).toEqual([])
  })
})

/** Nothing wider than the window, and no serious violation. */
async function expectAccessible(page: Page, width: number): Promise<void> {
  expect(await page.evaluate('document.documentElement.scrollWidth'), `${width} pixels`).toBeLessThanOrEqual(
    width,
  )
  expect(await seriousViolations(page), `${width} pixels`).toEqual([])
}
