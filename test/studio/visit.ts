import type { Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import type { Studio } from './open-studio.js'

/** A page that is closed, and what it keeps in the browser forgotten, however its test ends. */
export async function visit(
  studio: Studio,
  path: string,
  options?: Parameters<Studio['open']>[1],
): Promise<Page> {
  const page = await studio.open(path, options)
  onTestFinished(async () => {
    if (page.isClosed()) return
    await page.evaluate('localStorage.clear()')
    await page.close()
  }, 60_000)
  return page
}
