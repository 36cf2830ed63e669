/**
 * How many images that no model of clothes knows are called unfamiliar, and how many test images are, falsely:
 * `node bench/unfamiliar.mjs [MODEL ...]` prints the table of docs/predict.md. Needs the build (`npm run build`).
 */

import { loadDataset } from '../dist/data/dataset.js'
import { chooseClassifyingEngine } from '../dist/engine/choose.js'
import { modelNames } from '../dist/models/names.js'
import { preparePhoto, SIDE } from '../dist/photo/prepare.js'
import { Predictor } from '../dist/predict/predictor.js'
import { openTrained } from '../dist/runs/open-trained.js'
import { strangeImages } from './lib/strange-images.mjs'

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
const { engine } = await chooseClassifyingEngine({ engine: 'auto' })
const columns = []
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
  const cells = columns.map((shares) => `${(100 * shares[row]).toFixed(1)} %`)
  console.log(`| ${title} | ${cells.join(' | ')} |`)
})

async function sharesOf(name) {
  const predictor = await Predictor.open(await openTrained(name), engine)
  const share = async (list) => {
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
