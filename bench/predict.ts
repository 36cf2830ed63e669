/**
 * How long `atelier predict` takes: one image from a cold start, and a folder of the 10,000 test images in PNG files
 * beside the mere decoding of them. `npx --no-install jiti bench/predict.ts [MODEL ...]`; needs `npm run build`.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { mapInOrder } from '#atelier/core/in-order.js'
import { loadDataset } from '#atelier/data/dataset.js'
import { modelNames } from '#atelier/models/names.js'
import { decodePicture } from '#atelier/photo/decode.js'
import { type ImageSource, listSources } from '#atelier/photo/sources.js'
import { median } from './lib/statistics.js'

const ROUNDS = 3
const COLD_STARTS = 10

const names = process.argv.slice(2)
const models = names.length > 0 ? names : modelNames
const atelier = fileURLToPath(new URL('../node_modules/.bin/atelier', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'atelier-predict-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

console.log(`load average before: ${loadavg()[0]?.toFixed(2)}`)
const { images, count } = (await loadDataset()).test
const png = join(folder, 'png')
mkdirSync(png)
for (let i = 0; i < count; i++) {
  const pixels = Uint8Array.from(images.subarray(784 * i, 784 * (i + 1)))
  const image = sharp(pixels, { raw: { width: 28, height: 28, channels: 1 } }).toColourspace('b-w')
  await image.png().toFile(join(png, `${String(i).padStart(5, '0')}.png`))
}

const decoding = []
for (let round = 0; round < ROUNDS; round++) decoding.push(await secondsOf(decodeAll))
report('decoding alone', decoding)
for (const model of models) {
  const cold = []
  for (let i = 0; i < COLD_STARTS; i++)
    cold.push(await secondsOf(() => command(model, join(png, '00000.png'))))
  console.log(
    `${model}: one image, cold: ${(1000 * median(cold)).toFixed(0)} ms (${COLD_STARTS} starts, median)`,
  )
  const whole = []
  for (let round = 0; round < ROUNDS; round++)
    whole.push(await secondsOf(() => command(model, png, '--json')))
  report(`${model}: the folder`, whole)
}

function report(what: string, seconds: readonly number[]): void {
  const middle = median(seconds)
  console.log(`${what}: ${middle.toFixed(1)} s, ${(count / middle).toFixed(0)} images a second`)
}

async function secondsOf(action: () => unknown): Promise<number> {
  const began = performance.now()
  await action()
  return (performance.now() - began) / 1000
}

async function decodeAll() {
  const sources = await listSources([png])
  const decode = async ({ name, read }: ImageSource) => decodePicture(await read(), name)
  let decoded = 0
  for await (const _ of mapInOrder(sources, decode, { workers: 8, ahead: 1000 })) decoded++
  if (decoded !== count) throw new Error(`${decoded} of ${count} images`)
}

function command(...args: string[]): void {
  const { status, stderr } = spawnSync(atelier, ['predict', ...args], { maxBuffer: 2 ** 30 })
  if (status !== 0) throw new Error(String(stderr))
}
