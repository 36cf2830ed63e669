/** The main path of every page, in a real browser against the real server. */

import type { Locator, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modelNames } from '../../src/models/names.js'
import { findChromium, NO_CHROMIUM } from '../browser/chromium.js'
import { answered } from './answers.js'
import { openStudio, type Studio, writeAudit } from './open-studio.js'
import { visit } from './visit.js'

const chromium = findChromium()
const SLOW = 120_000

describe.skipIf(chromium === null)(`the studio in ${chromium ?? `a browser, ${NO_CHROMIUM}`}`, () => {
  let studio: Studio
  beforeAll(async () => {
    studio = await openStudio(chromium as string)
  }, SLOW)
  afterAll(() => studio?.close(), SLOW)

  it('names a test image, and says why', { timeout: SLOW }, async () => {
    const page = await visit(studio, '/?models=nn,dnn')
    await page.getByRole('link', { name: 'test image 23', exact: true }).click()
    await answered(page)
    expect(await page.locator('.probabilities .bar').count()).toBe(20)
    await page.getByRole('radio', { name: 'nn', exact: true }).check({ force: true })
    await page.getByRole('img', { name: /^Heat map of what speaks for/ }).waitFor()
    await page.waitForURL(/image=test:23&why=nn/)
    expect((await savedPicture(page, 'Save as PNG')).width).toBeGreaterThan(800)
  })

  it('takes any test image', { timeout: SLOW }, async () => {
    const page = await visit(studio, '/try?models=nn')
    await page.getByRole('button', { name: 'Random test image' }).click()
    await page.getByText(/^test image [0-9]+, labelled/).waitFor()
    await answered(page)
    await page.waitForURL(/image=test:[0-9]+$/)
  })

  it('takes a photo through its steps, as the server does', { timeout: SLOW }, async () => {
    const page = await visit(studio, '/try?models=nn')
    for (const index of [0, 2, 18]) {
      const photo = await photoOf(index)
      const file = { name: 'photo.png', mimeType: 'image/png', buffer: photo }
      await page.locator('input[type=file]').setInputFiles(file)
      await answered(page)
      expect(await page.locator('.steps li').count()).toBe(8)
      const response = await fetch(`${studio.address}/api/predict?models=nn`, {
        method: 'POST',
        headers: { 'content-type': 'image/png' },
        body: new Uint8Array(photo),
      })
      const { images } = (await response.json()) as { images: { predictions: { class: string }[] }[] }
      const said = await page.locator('#answers + p').textContent()
      expect(said).toContain(`nn: ${images[0]?.predictions[0]?.class}`)
      await page.goto(`${studio.address}/try?models=nn`)
    }
  })

  it('asks the server instead, for gradients too', async () => {
    const page = await visit(studio, '/try?image=test:2&models=dnn&where=server&why=dnn')
    await page.getByText('Computed on the server').waitFor()
    await page.getByRole('img', { name: /by SmoothGrad$/ }).waitFor()
  })

  it('asks a convolutional network on the server where it looks, by Grad-CAM', async () => {
    const page = await visit(studio, '/try?image=test:2&models=cnn&where=server&why=cnn')
    await page.getByText('Computed on the server').waitFor()
    await page.getByRole('img', { name: /by Grad-CAM$/ }).waitFor()
  })

  it('sets the models side by side', { timeout: SLOW }, async () => {
    const page = await visit(studio, '/try?image=test:0')
    await page
      .locator('.probabilities .bar')
      .nth(10 * modelNames.length - 1)
      .waitFor()
    expect(await page.locator('.probabilities thead th').allTextContents()).toEqual(['Class', ...modelNames])
  })

  it('answers a drawing, whose link holds it', { timeout: SLOW }, async () => {
    const page = await visit(studio, '/try?input=draw&models=nn')
    const box = await page.getByRole('img', { name: /^Drawing area/ }).boundingBox()
    if (box === null) throw new Error('there is no drawing area')
    await page.mouse.move(box.x + 100, box.y + 60)
    await page.mouse.down()
    await page.mouse.move(box.x + 120, box.y + 220, { steps: 8 })
    await page.mouse.up()
    await answered(page)
    await page.waitForURL(/image=own/)
    const [said, url] = [await page.locator('#answers + p').textContent(), page.url()]
    const again = await visit(studio, url.slice(studio.address.length))
    await answered(again)
    expect((await again.locator('#answers + p').textContent())?.split('Computed')[0]).toBe(
      said?.split('Computed')[0],
    )
  })

  it('shows models, and the images behind a confusion', async () => {
    const page = await visit(studio, '/models')
    await page.getByRole('link', { name: 'nn', exact: true }).click()
    await page.locator('.chart canvas').first().waitFor()
    expect((await savedPicture(page, 'Save as PNG: Loss')).name).toBe('Loss.png')
    await page.getByRole('link', { name: 'Confusion matrix' }).click()
    expect((await savedPicture(page, 'Save as PNG')).name).toBe('nn-confusion.png')
    const cell = page.getByRole('link', { name: /Shirt taken for T-shirt\/top$/ })
    const count = Number(await cell.textContent())
    await cell.click()
    await page.getByRole('heading', { name: 'Shirt taken for T-shirt/top' }).waitFor()
    await page.locator('.scored li').first().waitFor()
    expect(await page.locator('.scored li').count()).toBe(Math.min(60, count))
  })

  it.each([
    ['/models/dnn/mistakes', '.scored li'],
    ['/models/nn/reliability', '.chart canvas'],
    ['/models/dnn/layers', '.drawing rect'],
    ['/data/means', '.means canvas'],
    ['/data/test/7', '.one-image canvas'],
    ['/data/map?model=nn&by=umap', '.chart canvas'],
  ])('shows %s', async (path, sign) => {
    const page = await visit(studio, path)
    await page.locator(sign).first().waitFor()
  })

  it('sets two models side by side on one image, and saves that', { timeout: SLOW }, async () => {
    const page = await visit(studio, '/models/compare?b=nn&image=test:23')
    await page.getByText('nn: Sandal', { exact: true }).waitFor()
    // The other is another one.
    await page.getByText('dnn: Sandal', { exact: true }).waitFor()
    expect(await page.locator('.probabilities thead th').allTextContents()).toEqual(['Class', 'dnn', 'nn'])
    expect((await savedPicture(page, 'Save as PNG')).name).toBe('dnn-nn.png')
    await page.getByLabel('First model').selectOption('nn')
    await page.getByLabel('Second model').selectOption('dnn')
    await page.waitForURL(/a=nn/)
    await page.locator('.chart canvas').nth(1).waitFor()
    await page.getByLabel('Second model').selectOption('nn')
    const heads = () => page.locator('.probabilities thead th').allTextContents()
    await expect.poll(heads, { timeout: 30_000 }).toEqual(['Class', 'nn', 'nn'])
    await page.locator('.probabilities .bar').nth(19).waitFor()
    expect(await page.locator('.probabilities tbody td').count()).toBe(20)
  })

  it('maps test images, names the one under the pointer and opens it', { timeout: SLOW }, async () => {
    const page = await visit(studio, '/data/map?model=nn')
    const chart = page.locator('.chart [role=img]')
    await chart.locator('canvas').waitFor()
    const image = await pointAtImage(page, chart)
    await page.mouse.down()
    await page.mouse.up()
    await page.waitForURL(/\/data\/test\/\d+$/)
    expect(page.url()).toContain(image?.replace('/api/data/test/images/', '/data/test/').replace('.png', ''))
  })

  it('shows suspicious labels once they have been audited', async () => {
    const page = await visit(studio, '/data/suspicious')
    await page.getByText('The labels of these data have not been audited here yet.').waitFor()
    await writeAudit(studio.runs)
    await page.reload()
    await page.locator('.scored li').nth(2).waitFor()
    expect(await page.locator('.scored li').first().textContent()).toMatch(/Sandal.*98.*labelled Ankle boot/)
    await page.locator('.scored a').first().click()
    await page.getByRole('heading', { name: 'test image 23' }).waitFor()
  })

  it('browses the data by class and by number', async () => {
    const page = await visit(studio, '/data')
    await page.getByLabel('Class').selectOption({ index: 4 })
    await page.getByText('1 to 120 of 1,000').waitFor()
    expect(await page.locator('.gallery .thumb').first().getAttribute('aria-label')).toBe('Dress')
    await page.getByLabel('Number').fill('42')
    await page.getByRole('button', { name: 'Show' }).click()
    await page.getByRole('heading', { name: 'test image 42' }).waitFor()
  })

  it('goes through the layers by keyboard', async () => {
    const page = await visit(studio, '/inside?image=test:3&model=nn')
    await page.getByRole('heading', { name: /^flatten/ }).waitFor()
    await page.getByRole('button', { name: 'Next' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.getByRole('heading', { name: /^dense_1/ }).waitFor()
    await page.locator('.filters canvas').first().waitFor()
    await page.waitForURL(/layer=dense_1/)
    expect((await savedPicture(page, 'Save as PNG')).name).toBe('nn-dense_1.png')
    await page.getByRole('combobox', { name: 'Layer' }).selectOption('2')
    await page.getByText('The answer, before it becomes probabilities').waitFor()
    expect((await savedPicture(page, 'Save as PNG')).name).toBe('nn-dense_2.png')
  })

  it("shows each layer's channels of cnn, and its first filters", { timeout: SLOW }, async () => {
    const page = await visit(studio, '/inside?image=test:3&model=cnn&layer=conv2d_1')
    await page.locator('.maps canvas').nth(31).waitFor()
    await page.locator('.filters canvas').nth(31).waitFor()
    await page.goto(`${studio.address}/inside?image=test:3&model=cnn&layer=conv2d_4`)
    await page.getByText('The first 64 of 128 channels').waitFor()
  })

  it('says nothing in the console', () => {
    expect(studio.troubles).toEqual([])
  })
})

/** What a button saves, which has to be a PNG of more than one colour. */
async function savedPicture(page: Page, button: string): Promise<{ name: string; width: number }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button, exact: true }).click(),
  ])
  const picture = sharp(await download.path())
  const { format, width } = await picture.metadata()
  const { channels } = await picture.stats()
  expect([format, channels.some(({ stdev }) => stdev > 5)]).toEqual(['png', true])
  return { name: download.suggestedFilename(), width }
}

/** Moves over the map until an image is named, and stays on that: its address. */
async function pointAtImage(page: Page, chart: Locator): Promise<string | null> {
  const box = await chart.boundingBox()
  if (box === null) throw new Error('the map has no place')
  const shown = page.locator('.chart img')
  const isNamedAt = async (part: number, timeout: number): Promise<boolean> => {
    await page.mouse.move(box.x + part * box.width, box.y + 0.5 * box.height)
    return shown.waitFor({ timeout }).then(
      () => true,
      () => false,
    )
  }
  // Somewhere along the horizontal axis there are images.
  for (let part = 0.1; part < 0.9; part += 0.01) {
    if (!(await isNamedAt(part, 500))) continue
    // A name comes, and goes, a little later than the pointer: it may be that of the place before.
    for (const place of [part, part - 0.01]) {
      await page.mouse.move(box.x + 1, box.y + 1)
      await shown.waitFor({ state: 'hidden' })
      if (await isNamedAt(place, 5000)) return shown.getAttribute('src')
    }
  }
  throw new Error('the map names no image')
}

/** A test image as a shop would photograph it: large, dark on white. */
async function photoOf(index: number): Promise<Buffer> {
  const { images } = await testImages
  const pixels = images.subarray(index * 784, (index + 1) * 784)
  const raw = { raw: { width: 28, height: 28, channels: 1 as const } }
  const large = await sharp(pixels, raw).resize(280, 280, { kernel: 'cubic' }).negate().png().toBuffer()
  return sharp(large)
    .extend({ top: 60, bottom: 60, left: 60, right: 60, background: 'white' })
    .png()
    .toBuffer()
}

const testImages = import('../../src/data/dataset.js').then(
  async ({ loadDataset }) => (await loadDataset()).test,
)
