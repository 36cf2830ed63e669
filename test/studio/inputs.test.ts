/** The ways an image comes into the page Try: dropped, pasted, and from the camera; files are in pages.test.ts. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, NO_CHROMIUM } from '../browser/chromium.js'
import { answered } from './answers.js'
import { openStudio, type Studio } from './open-studio.js'
import { visit } from './visit.js'

const chromium = findChromium()
const SLOW = 120_000

describe.skipIf(chromium === null)(`an image in ${chromium ?? `a browser, ${NO_CHROMIUM}`}`, () => {
  let studio: Studio
  beforeAll(async () => {
    studio = await openStudio(chromium as string)
  }, SLOW)
  afterAll(() => studio?.close(), SLOW)

  it.each(['drop', 'paste'])(
    'can come by %s, and its link brings it back',
    { timeout: SLOW },
    async (way) => {
      const page = await visit(studio, '/try?models=nn')
      await page.locator('.thumb').first().waitFor()
      await bring(page, way, readFileSync(join('examples', 'photos', 'ankle-boot.jpg')))
      expect(await answerOf(page)).toContain('nn: Ankle boot')
      expect(await page.locator('.steps li').count()).toBeGreaterThan(5)
      await page.waitForURL(/image=own/)
      const link = page.url()
      const again = await visit(studio, link.slice(studio.address.length))
      expect(await answerOf(again)).toContain('nn: Ankle boot')
    },
  )

  it('can come from the camera, which is let go afterwards', { timeout: SLOW }, async () => {
    const page = await visit(studio, '/try?models=nn')
    await page.getByRole('button', { name: 'Use the camera' }).click()
    const filming = () => page.evaluate("document.querySelector('video')?.videoWidth > 0")
    await expect.poll(filming, { timeout: 30_000 }).toBe(true)
    await page.evaluate("{ window.camera = document.querySelector('video').srcObject.getTracks()[0] }")
    await page.getByRole('button', { name: 'Take the picture' }).click()
    expect(await answerOf(page)).toMatch(/nn: /)
    await page.waitForURL(/image=own/)
    await page.getByRole('button', { name: 'Use the camera' }).click()
    await page.locator('video').waitFor({ state: 'detached' })
    expect(await page.evaluate('window.camera.readyState')).toBe('ended')
  })

  it('that cannot be read is refused in words', async () => {
    const page = await visit(studio, '/try?models=nn')
    await page.locator('.thumb').first().waitFor()
    await bring(page, 'drop', Buffer.from('no picture'))
    await page.getByText('photo.jpg: expected an image that the browser can read').waitFor()
  })

  it('says nothing in the console', () => {
    expect(studio.troubles).toEqual([])
  })
})

async function answerOf(page: Page): Promise<string | null> {
  await answered(page)
  return page.locator('#answers + p').textContent()
}

/** A file as a browser hands it over when it is dropped or pasted. */
async function bring(page: Page, way: string, file: Buffer): Promise<void> {
  const event =
    way === 'drop'
      ? "new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true })"
      : "new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true })"
  await page.evaluate(`{
    const bytes = Uint8Array.from(atob('${file.toString('base64')}'), (letter) => letter.charCodeAt(0))
    const transfer = new DataTransfer()
    transfer.items.add(new File([bytes], 'photo.jpg', { type: 'image/jpeg' }))
    document.querySelector('.drop').dispatchEvent(${event})
  }`)
}
