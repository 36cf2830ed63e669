/** The studio as a person meets it: the real server with the pretrained models, and a browser before it. */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { OFFICIAL_CHECKSUMS } from '../../src/data/files.js'
import { packageReleases } from '../../src/runs/released-weights.js'
import { createApp } from '../../src/server/app.js'
import { type BrowserOptions, launchChromium } from '../browser/chromium.js'

export interface Studio {
  /** Of the server, without a slash at the end. */
  readonly address: string
  /** The folder of the runs, empty at first. */
  readonly runs: string
  /** What consoles said, and pages threw. */
  readonly troubles: readonly string[]
  /** A page at a path. */
  open(path: string, options?: { readonly scheme?: 'light' | 'dark'; readonly width?: number }): Promise<Page>
  /** Ends the server as Ctrl-C does and starts another at the same address, over the same runs. */
  restart(): Promise<void>
  close(): Promise<void>
}

export async function openStudio(chromium: string, options?: BrowserOptions): Promise<Studio> {
  const built = 'dist/studio'
  if (!existsSync(join(built, 'index.html'))) throw new Error(`${built} is missing: npm run setup builds it`)
  const folder = await mkdtemp(join(tmpdir(), 'atelier-studio-'))
  const runs = join(folder, 'runs')
  const serve = async (port: number) => {
    const app = await createApp({
      host: '127.0.0.1',
      names: [],
      token: null,
      places: { pretrained: packageReleases, runs },
      data: undefined,
      engine: 'auto',
      threads: 1,
      commandLine: [process.execPath, join(process.cwd(), 'dist', 'cli', 'main.js')],
      studio: join(process.cwd(), built),
    })
    await app.listen({ host: '127.0.0.1', port })
    return app
  }
  let app = await serve(0)
  const { port } = app.server.address() as AddressInfo
  const address = `http://127.0.0.1:${port}`
  const browser = await launchChromium(chromium, options)
  const troubles: string[] = []
  let restarted = false
  return {
    address,
    runs,
    troubles,
    async open(path, { scheme = 'light', width = 1280 } = {}) {
      const page = await browser.context.newPage()
      page.on('console', (message) => {
        // The browser itself says where it found no server, or one that is ending.
        if (restarted && /net::ERR_|status of 503/.test(message.text())) return
        if (['error', 'warning'].includes(message.type())) troubles.push(`${path}: ${message.text()}`)
      })
      page.on('pageerror', (error) => troubles.push(`${path}: ${error.message}`))
      // Nothing moves: what is seen is what it comes to.
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
      await page.setViewportSize({ width, height: 900 })
      await page.goto(`${address}${path}`)
      return page
    },
    async restart() {
      restarted = true
      await app.close()
      app = await serve(port)
    },
    async close() {
      await browser.close()
      await app.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Labels that an audit finds doubtful, as `atelier audit` writes them; ankle boots, sandals and shirts of the data. */
export async function writeAudit(runs: string): Promise<void> {
  const suspect = (index: number, label: number, suggested: number, suggestedConfidence: number) => {
    const selfConfidence = 1 - suggestedConfidence
    return {
      index,
      label,
      suggested,
      selfConfidence,
      suggestedConfidence,
      margin: suggestedConfidence - selfConfidence,
    }
  }
  const test = [suspect(23, 9, 5, 0.98), suspect(40, 6, 0, 0.93), suspect(4, 6, 2, 0.61)]
  const labels = {
    test: { images: 10_000, estimatedErrors: 3, suspects: test },
    train: { images: 60_000, estimatedErrors: 0, suspects: [] },
  }
  await mkdir(join(runs, 'audit'), { recursive: true })
  await writeFile(
    join(runs, 'audit', 'audit.json'),
    JSON.stringify({ data: { checksums: OFFICIAL_CHECKSUMS }, labels }),
  )
}

/** Nothing is on its way any more. */
export async function settled(page: Page): Promise<void> {
  // A map is laid out, and resnet50's file opened, for seconds; for many where other things run.
  const timeout = 120_000
  await page.waitForLoadState('networkidle', { timeout })
  await page.locator('main .state[role=status]').first().waitFor({ state: 'detached', timeout })
  await page.locator('main [aria-busy=true]').first().waitFor({ state: 'detached', timeout })
  await page.locator('main .chart [role=img]:empty').first().waitFor({ state: 'detached', timeout })
}
