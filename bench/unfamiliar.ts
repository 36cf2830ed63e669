/**
 * How many images that no model of clothes knows are called unfamiliar, and how many test images are, falsely:
 * `npx --no-install jiti bench/unfamiliar.ts [MODEL ...]` prints the table of docs/predict.md. Needs the build (`npm run build`).
 */

import { loadDataset } from '#atelier/data/dataset.js'
import { chooseEngine } from '#atelier/engine/choose.js'
import { modelNames } from '#atelier/models/names.js'
import { preparePhoto, SIDE } from '#atelier/photo/prepare.js'
import { Predictor } from '#atelier/predict/predictor.js'
import { openTrained } from '#atelier/runs/open-trained.js'
import { strangeImages } from './lib/strange-images.js'

/** Pictures of each kind. */
const COUNT = 200

const names = process.argv.slice(2)
const models = names.length > 0 ? names : modelNames
const { images, count } = (await loadDataset()).test
const groups = strangeImages(COUNT).map(({ group, name, pictures }) => ({
  group,
  title: `${group}: ${name}`,
  images: pictures.map((picture) => preparePhoto(picture).pixels),
}))
const { engine } = await chooseEngine({ engine: 'auto' })
const columns: number[][] = []
for (const name of models) columns.push(await sharesOf(name))

const titles = [
  'test images (false alarms)',
  ...groups.map(({ title }) => title),
  '**digits, all**',
  '**noise, all**',
  '**blank, all**',
]
console.log(`| Unfamiliar | ${models.map((name) => `\`${name}\``).join(' | ')} |`)
console.log(`| --- | ${models.map(() => '---:').join(' | ')} |`)
titles.forEach((title, row) => {
  const cells = columns.map((shares) => `${(100 * (shares[row] ?? 0)).toFixed(1)} %`)
  console.log(`| ${title} | ${cells.join(' | ')} |`)
})

async function sharesOf(name: string): Promise<number[]> {
  const predictor = await Predictor.open(await openTrained(name), engine)
  const share = async (list: readonly Uint8Array[]) => {
    const predictions = await predictor.predict(list)
    return predictions.filter(({ unfamiliar }) => unfamiliar).length / list.length
  }
  const size = SIDE * SIDE
  const test = Array.from({ length: count }, (_, i) => images.subarray(i * size, (i + 1) * size))
  const shares = [await share(test)]
  for (const group of groups) shares.push(await share(group.images))
  for (const group of ['digits', 'noise', 'blank']) {
    shares.push(await share(groups.filter((one) => one.group === group).flatMap((one) => one.images)))
  }
  predictor.dispose()
  return shares
}
