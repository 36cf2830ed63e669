/** What all pages of the studio have: language, theme, title, focus, and a link. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { findChromium, NO_CHROMIUM } from '../browser/chromium.js'
import { showBelow } from '../support/below-path.js'
import { answered } from './answers.js'
import { openStudio, type Studio } from './open-studio.js'
import { visit } from './visit.js'

const chromium = findChromium()
const SLOW = 120_000
const WAIT = { timeout: 30_000 }

describe.skipIf(chromium === null)(`every page in ${chromium ?? `a browser, ${NO_CHROMIUM}`}`, () => {
  let studio: Studio
  beforeAll(async () => {
    studio = await openStudio(chromium as string)
  }, SLOW)
  afterAll(() => studio?.close(), SLOW)

  it('speaks Vietnamese, and keeps the theme', { timeout: SLOW }, async () => {
    const page = await visit(studio, '/models?lang=vi')
    await heading(page, 'Mô hình')
    expect(await page.evaluate('document.documentElement.lang')).toBe('vi')
    await page.getByRole('button', { name: 'Tự động' }).click()
    await page.getByRole('button', { name: 'Sáng' }).click()
    await page.reload()
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    await expect.poll(ground, WAIT).toBe('rgb(20, 23, 26)')
  })

  it('keeps the language of a link until another is chosen', { timeout: SLOW }, async () => {
    const page = await visit(studio, '/models?lang=vi')
    await page.waitForURL(/\/models$/)
    await page.reload()
    await heading(page, 'Mô hình')
    await page.getByRole('button', { name: 'English' }).click()
    await page.reload()
    await heading(page, 'Models')
  })

  it('has a title that says what it is about, and the focus when it comes', { timeout: SLOW }, async () => {
    const page = await visit(studio, '/data/test/7')
    await titled(page, 'test image 7 · Data · Atelier')
    await page.getByRole('link', { name: 'Next', exact: true }).click()
    await titled(page, 'test image 8 · Data · Atelier')
    await expect.poll(() => page.evaluate('document.activeElement.id'), WAIT).toBe('main')
  })

  it('leaves what its tabs have in common, and the focus where a choice is made', {
    timeout: SLOW,
  }, async () => {
    const page = await visit(studio, '/models/nn')
    await heading(page, 'nn')
    await page.evaluate("document.querySelector('h1').dataset.before = 'yes'")
    await page.getByRole('link', { name: 'Layers', exact: true }).click()
    await titled(page, 'nn · Layers · Models · Atelier')
    expect(await page.evaluate("document.querySelector('h1').dataset.before")).toBe('yes')
    await page.goto(`${studio.address}/data`)
    const choice = page.getByLabel('Class')
    await choice.focus()
    await choice.selectOption({ index: 4 })
    await page.getByText('1 to 120 of 1,000').waitFor()
    expect(await page.evaluate('document.activeElement.tagName')).toBe('SELECT')
  })

  it('shows its link where the browser does not copy it', async () => {
    const page = await visit(studio, '/train?seed=5')
    const copy = page.getByRole('button', { name: 'Copy link' })
    await copy.waitFor()
    await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined }); void 0")
    await copy.click()
    expect(await page.getByLabel('The link, to copy by hand').inputValue()).toBe(page.url())
  })

  it('that is none says what its address lacks', async () => {
    const page = await visit(studio, '/no-such-page')
    await page.getByText('There is no such page.').first().waitFor()
  })

  it('works below a path, where a reverse proxy may show it', { timeout: SLOW }, async () => {
    const proxy = await showBelow('/atelier/', studio.address)
    onTestFinished(proxy.close)
    const page = await visit(studio, '/train')
    // A page deep below, whose own address stays what it is.
    await page.goto(`${proxy.url}models/nn/layers`)
    await titled(page, 'nn · Layers · Models · Atelier')
    await page.getByRole('link', { name: 'Data', exact: true }).click()
    await page.waitForURL(`${proxy.url}data`)
    await page.locator('.thumb').first().waitFor()
    await page.getByLabel('Class').selectOption({ index: 4 })
    await page.waitForURL(`${proxy.url}data?class=3`)
    // Answered in the browser: its worker fetches the model and the runtime.
    await page.goto(`${proxy.url}try?models=nn&image=test:0`)
    await answered(page)
    await page.goto(`${proxy.url}train`)
    await page.getByRole('heading', { name: 'Train', level: 1 }).waitFor()
    expect(proxy.outside).toEqual([])
  })

  it('says nothing in the console', () => {
    expect(studio.troubles).toEqual([])
  })
})

const heading = (page: Page, name: string): Promise<void> =>
  page.getByRole('heading', { name, level: 1, exact: true }).waitFor()

const titled = (page: Page, title: string): Promise<void> => expect.poll(() => page.title(), WAIT).toBe(title)
