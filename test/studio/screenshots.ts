/**
 * Pictures of every page, light and dark, on a phone and a wide screen, to be looked at:
 * `npm run screenshots -- [folder [part of a name]]`, by default into `screenshots/`. Tells how soon the first page shows.
 * `npm run screenshots -- --docs` takes those of the documentation anew.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import sharp from 'sharp'
import type { Training } from '../../src/server/schemas/trainings.js'
import { findChromium, NO_CHROMIUM } from '../browser/chromium.js'
import { openStudio, settled, writeAudit } from './open-studio.js'

// What scores a model's test images first is shown of nn, the quickest.
const pages = {
  start: '/try',
  draw: '/try?input=draw',
  try: '/try?image=test:23&why=cnn',
  models: '/models',
  model: '/models/cnn',
  confusion: '/models/nn/confusion?truth=6&predicted=0',
  mistakes: '/models/nn/mistakes',
  reliability: '/models/nn/reliability',
  layers: '/models/cnn/layers',
  deep: '/models/resnet50/layers',
  compare: '/models/compare?a=nn&b=cnn&image=test:23',
  train: '/train',
  training: '/train/nn-quick-seed1',
  recipe: '/train?model=resnet50&recipe=long&set=epochs=3',
  data: '/data',
  image: '/data/test/7',
  means: '/data/means',
  map: '/data/map?model=nn',
  umap: '/data/map?model=cnn&by=umap',
  suspicious: '/data/suspicious',
  inside: '/inside?image=test:23&model=cnn',
  vietnamese: '/try?image=test:23&why=cnn&lang=vi',
  modelsVietnamese: '/models?lang=vi',
  modelVietnamese: '/models/cnn?lang=vi',
  compareVietnamese: '/models/compare?a=nn&b=cnn&image=test:23&lang=vi',
  trainingVietnamese: '/train/nn-quick-seed1?lang=vi',
  mapVietnamese: '/data/map?model=nn&lang=vi',
  insideVietnamese: '/inside?image=test:23&model=cnn&lang=vi',
  recipeVietnamese: '/train?model=resnet50&recipe=long&set=epochs=3&lang=vi',
}

/** The documentation's: a page on light ground, or its upper part. */
const illustrations: Readonly<
  Record<string, { readonly page: keyof typeof pages; readonly height?: number }>
> = {
  'studio-try.png': { page: 'try' },
  'studio-model.png': { page: 'model', height: 1000 },
  'studio-compare.png': { page: 'compare' },
  'studio-map.png': { page: 'umap' },
}

const [folder = 'screenshots', part = ''] = process.argv.slice(2)
const chromium = findChromium()
if (chromium === null) throw new Error(NO_CHROMIUM)
const studio = await openStudio(chromium)
await (folder === '--docs' ? illustrate(join('docs', 'images')) : takeAll(folder))
await studio.close()
process.stdout.write(studio.troubles.map((trouble) => `${trouble}\n`).join(''))

async function illustrate(into: string): Promise<void> {
  for (const [name, { page, height }] of Object.entries(illustrations)) {
    const picture = sharp(await take(page, 'light', 1440))
    const { width, height: whole } = await picture.metadata()
    const upper = picture.extract({ left: 0, top: 0, width, height: height ?? whole })
    await upper.png({ palette: true, compressionLevel: 9 }).toFile(join(into, name))
  }
  process.stdout.write(`Written to ${into}\n`)
}

async function takeAll(into: string): Promise<void> {
  await writeAudit(studio.runs)
  await train()
  await mkdir(into, { recursive: true })
  for (const name of Object.keys(pages) as (keyof typeof pages)[]) {
    for (const scheme of ['light', 'dark'] as const) {
      for (const width of [390, 1440]) {
        const file = `${name}-${scheme}-${width}.png`
        if (file.includes(part)) await writeFile(join(into, file), await take(name, scheme, width))
      }
    }
  }
  const paint = await firstPaint()
  process.stdout.write(`First picture of the page Try, the best of three: after ${paint.toFixed(0)} ms\n`)
  process.stdout.write(`Written to ${into}\n`)
}

/** A whole page as a PNG. */
async function take(name: keyof typeof pages, scheme: 'light' | 'dark', width: number): Promise<Buffer> {
  const page = await studio.open(pages[name], { scheme, width })
  await settled(page)
  const picture = await page.screenshot({ fullPage: true })
  // The language is kept; the next page is to begin as the first one did.
  await page.evaluate('localStorage.clear()')
  await page.close()
  return picture
}

/** A short training, so that there is one to show. */
async function train(): Promise<void> {
  const path = `${studio.address}/api/trainings`
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ model: 'nn', limit: 6000, set: ['epochs=5', 'holdOut=1000'] })
  const { id } = (await (await fetch(path, { method: 'POST', headers, body })).json()) as Training
  for (let state: Training['state'] = 'queued'; state !== 'finished'; await wait(500)) {
    state = ((await (await fetch(`${path}/${id}`)).json()) as Training).state
    if (state === 'failed') throw new Error(`The training ${id} has failed`)
  }
}

/** Milliseconds to the first contentful paint. */
async function firstPaint(): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let trial = 0; trial < 3; trial++) {
    const page = await studio.open('/try')
    await settled(page)
    const time = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    best = Math.min(best, time as number)
    await page.close()
  }
  return best
}
