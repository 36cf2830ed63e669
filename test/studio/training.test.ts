/** The page Train, through what happens to a training: tabs, reloads, a pause, the server's end. */

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modelNames } from '../../src/models/names.js'
import { recipeNamesOf } from '../../src/recipes/index.js'
import { findChromium, NO_CHROMIUM } from '../browser/chromium.js'
import { openStudio, type Studio } from './open-studio.js'
import { seriousViolations } from './violations.js'
import { visit } from './visit.js'

const chromium = findChromium()
const SLOW = 900_000
const WAIT = { timeout: 240_000 }

describe.skipIf(chromium === null)(`a training in ${chromium ?? `a browser, ${NO_CHROMIUM}`}`, () => {
  let studio: Studio
  beforeAll(async () => {
    studio = await openStudio(chromium as string)
  }, SLOW)
  afterAll(() => studio?.close(), SLOW)

  it('is offered the recipe long for resnet50 alone, and every value in words', {
    timeout: SLOW,
  }, async () => {
    const page = await visit(studio, '/train')
    const choice = (name: string) => page.getByRole('combobox', { name, exact: true })
    const recipes = () => choice('Recipe').locator('option').allTextContents()
    expect(modelNames.filter((model) => recipeNamesOf(model).includes('long'))).toEqual(['resnet50'])
    for (const model of [...modelNames.filter((name) => name !== 'resnet50'), 'resnet50']) {
      await choice('Model').selectOption(model)
      expect(await recipes()).toEqual([...recipeNamesOf(model)])
    }
    await choice('Recipe').selectOption('long')
    await page.getByText('Takes hours and gains by it: a trained network teaches.').waitFor()
    await page.getByText('All values of the recipe').click()
    await page.getByLabel('teacher.model', { exact: true }).waitFor()
    const hints = await page.locator('.fields .hint').allTextContents()
    await page.getByRole('button', { name: 'Tiếng Việt' }).click()
    await page.getByText('Nhiều giờ, và nhờ vậy tốt hơn: học theo một mạng đã huấn luyện.').waitFor()
    const translated = await page.locator('.fields .hint').allTextContents()
    expect(translated.length).toBe(hints.length)
    expect(translated.filter((text) => hints.includes(text) || text === '')).toEqual([])
  })

  it('is what the address says, when one goes on and comes back too', { timeout: SLOW }, async () => {
    const page = await visit(studio, '/train')
    const field = (name: string) => page.getByLabel(name, { exact: true })
    const values = async () => [await field('Training images').inputValue(), await field('Seed').inputValue()]
    await field('Training images').fill('2000')
    await field('Seed').fill('5')
    await page.waitForURL(/limit=2000&seed=5$/)
    await page.getByRole('link', { name: 'Train', exact: true }).click()
    await expect.poll(values, WAIT).toEqual(['', '1'])
    await page.goBack()
    await expect.poll(values, WAIT).toEqual(['2000', '5'])
    // An emptied field stays empty while another number is typed.
    await field('Seed').fill('')
    await page.waitForURL(/limit=2000$/)
    expect(await values()).toEqual(['2000', ''])
  })

  it('is listened to while its page is seen', { timeout: SLOW }, async () => {
    const page = await visit(studio, '/train')
    await page.addInitScript({ content: COUNT_SOURCES })
    await page.reload()
    const open = () => page.evaluate('window.sources.filter(({ readyState }) => readyState !== 2).length')
    await expect.poll(open, WAIT).toBe(1)
    await page.evaluate(hide(true))
    await expect.poll(open, WAIT).toBe(0)
    await page.evaluate(hide(false))
    await expect.poll(open, WAIT).toBe(1)
  })

  it('begins with what a link says, and is the same in every tab and after a reload', {
    timeout: SLOW,
  }, async () => {
    const page = await visit(studio, '/train')
    const other = await visit(studio, '/train')
    await page.getByLabel('Training images').fill('2000')
    await page.getByText('All values of the recipe').click()
    await page.getByLabel('epochs', { exact: true }).fill('2')
    await page.waitForURL(/\/train\?limit=2000&set=epochs=2$/)
    await page.reload()
    await page.getByText('All values of the recipe (1 changed)').waitFor()
    await page.getByRole('button', { name: 'Start training' }).click()
    await page.waitForURL(/\/train\/.+/)
    await other.locator('tbody tr').first().waitFor()
    await page.reload()
    await state(page, 'Finished')
    await other.getByText('Finished').waitFor(WAIT)
    await page.getByText('/ 2').waitFor()
    await page.getByRole('link', { name: 'See the model' }).click()
    await page.getByRole('heading', { name: 'Learning curves' }).waitFor()
  })

  it('is paused, resumed, survives the server, and is stopped', { timeout: SLOW }, async () => {
    const page = await visit(studio, '/train?limit=3000&set=epochs=500;batch=1')
    await page.getByRole('button', { name: 'Start training' }).click()
    await state(page, 'Running')
    await page.getByText('images a second').waitFor(WAIT)
    await page.locator('.chart canvas').first().waitFor(WAIT)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await seriousViolations(page)).toEqual([])
    }
    await page.getByRole('button', { name: 'Pause' }).click()
    await state(page, 'Paused')
    await page.waitForURL(/\/train\/.+/)
    const other = await visit(studio, new URL(page.url()).pathname)
    await other.getByRole('button', { name: 'Resume' }).click()
    await state(page, 'Running')
    await state(other, 'Running')

    await studio.restart()
    // The page finds the new server by itself.
    await state(page, 'Interrupted')
    await page.getByRole('button', { name: 'Resume' }).click()
    await state(page, 'Running')
    await page.getByText('images a second').waitFor(WAIT)
    await page.getByRole('button', { name: 'Stop' }).click()
    await state(page, 'Stopped')
    await state(other, 'Stopped')
  })

  it('says nothing in the console', () => {
    expect(studio.troubles).toEqual([])
  })
})

const state = (page: Page, name: string): Promise<void> =>
  page.getByRole('heading', { name, exact: true }).waitFor(WAIT)

/** Keeps the streams of events that a page opens. */
const COUNT_SOURCES = `{
  window.sources = []
  window.EventSource = class extends window.EventSource {
    constructor(path) {
      super(path)
      window.sources.push(this)
    }
  }
}`

/** What a page is told when its tab goes out of sight, or comes back. */
const hide = (hidden: boolean): string => `{
  Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true })
  document.dispatchEvent(new Event('visibilitychange'))
}`
