/** Every page in a light window of a desk and in a dark one of a phone: for everyone to read, and none too wide. */
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
    '/try?image=test:23&why=cnn',
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
  const cases = everyPage.flatMap((path) => [[path, 'light', 1440] as const, [path, 'dark', 390] as const])

  it.each(cases)(
    '%s is accessible and fits, %s, %i pixels wide',
    { timeout: SLOW },
    async (path, scheme, width) => {
      const page = await visit(studio, path, { scheme, width })
      await settled(page)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      expect(await seriousViolations(page)).toEqual([])
    },
  )

  it('says nothing in the console', () => {
    expect(studio.troubles).toEqual([])
  })
})
