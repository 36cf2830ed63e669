/** A browser for tests: one that is installed, never one that is downloaded. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome']
const places = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The path of a Chromium or Chrome, or null. */
export function findChromium(): string | null {
  const given = process.env.ATELIER_CHROMIUM
  if (given) return given
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const candidates = [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...places]
  return candidates.find((path) => existsSync(path)) ?? null
}

/** What a skipped test is called by. */
export const NO_CHROMIUM = 'skipped: no Chromium was found (install one, or name it in ATELIER_CHROMIUM)'

const switches = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A camera that shows a test picture, and may be used.
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
]

const withoutGpu = ['--disable-gpu']
/** WebGPU as the processor computes it. */
const softwareGpu = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--ignore-gpu-blocklist',
]

export interface BrowserOptions {
  /** Whether pages have WebGPU, where the browser brings SwiftShader along. */
  readonly webGpu?: boolean
}

export interface TestBrowser {
  readonly context: BrowserContext
  close(): Promise<void>
}

/** A headless browser with a profile of its own. */
export async function launchChromium(
  executablePath: string,
  { webGpu = false }: BrowserOptions = {},
): Promise<TestBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'atelier-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: [...switches, ...(webGpu ? softwareGpu : withoutGpu)],
  })
  // Pages wait for models to be loaded and images to be scored, beside whatever else runs.
  context.setDefaultTimeout(90_000)
  return {
    context,
    async close() {
      await context.close()
      await rm(profile, { recursive: true, force: true })
    },
  }
}
