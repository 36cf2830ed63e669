/**
 * Writes what the released models make of the pictures in examples/photos to where the documentation shows it: a
 * table in docs/predict.md, cnn's answers in both READMEs, and docs/images/photos.png. To be run whenever weights or
 * pictures change: `npx --no-install jiti examples/predict-photos.ts`. Needs the build (`npm run build`).
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import sharp from 'sharp'
import { modelNames } from '#atelier/models/names.js'
import { plotColor } from '#atelier/page/theme.js'
import { root } from '../scripts/lib/shell.mjs'
import { writePart } from '../scripts/lib/written-part.js'

process.chdir(root)
const FOLDER = 'examples/photos'
const atelier = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync('node_modules/.bin/atelier', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return stdout
}

/** What is read of `atelier predict --json`. */
interface Prediction {
  readonly model: string
  readonly class: string
  readonly probability: number
  readonly unfamiliar: boolean
}
interface Answers {
  readonly images: readonly { readonly image: string; readonly predictions: readonly Prediction[] }[]
}

const { images }: Answers = JSON.parse(
  atelier('predict', modelNames.join(','), FOLDER, '--json', '--top', '1'),
)
const percent = (share: number) => `${(100 * share).toFixed(1)} %`

writePart(photosOf('docs/predict.md'), table())
const command = ['predict', 'cnn', FOLDER, '--top', '2']
const answers = `\`\`\`\n$ npx --no-install atelier ${command.join(' ')}\n${atelier(...command)}\`\`\``
for (const page of ['README.md', 'README.vi.md']) writePart(photosOf(page), answers)
writeFileSync('docs/images/photos.png', await sheet())

/** Where a page shows them. */
function photosOf(page: string) {
  const begin = '<!-- photos: written by npx --no-install jiti examples/predict-photos.ts -->'
  return { page, begin, end: '<!-- end of photos -->' }
}

function table() {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const head = [
    row(['Picture', ...modelNames.map((name) => `\`${name}\``)]),
    row(['---', ...modelNames.map(() => '---')]),
  ]
  const rows = images.map(({ image, predictions }) => {
    const cells = predictions.map(
      (one) => `${one.unfamiliar ? 'unfamiliar: ' : ''}${one.class} ${percent(one.probability)}`,
    )
    return row([`[${basename(image)}](../${image})`, ...cells])
  })
  return [...head, ...rows].join('\n')
}

/** The pictures in two rows, below each what the models say. */
async function sheet() {
  const [columns, width, photo, gap, line] = [5, 212, 188, 20, 21] as const
  const tile = photo + 10 + line * modelNames.length + 22
  const rows = Math.ceil(images.length / columns)
  const size = { width: columns * (width + gap) + gap, height: rows * (tile + gap) + gap + 18 }
  const tiles = await Promise.all(
    images.map(async ({ image, predictions }, index) => {
      const left = gap + (index % columns) * (width + gap)
      const top = gap + Math.floor(index / columns) * (tile + gap)
      return drawTile({ left, top, width, photo, line }, image, predictions)
    }),
  )
  const note = 'in italics: like nothing the model knows'
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" font-family="sans-serif" font-size="14">`,
    `<rect width="100%" height="100%" fill="${plotColor('surface')}"/>`,
    ...tiles,
    `<text x="${size.width - gap}" y="${size.height - 14}" text-anchor="end" font-size="13" fill="${plotColor('muted')}">${note}</text>`,
    '</svg>',
  ]
  return sharp(Buffer.from(svg.join('\n')), { density: 144 })
    .png({ palette: true, quality: 95 })
    .toBuffer()
}

interface Tile {
  readonly left: number
  readonly top: number
  readonly width: number
  /** Height of the photo's part. */
  readonly photo: number
  /** Height of a line of text. */
  readonly line: number
}

async function drawTile(
  { left, top, width, photo, line }: Tile,
  file: string,
  predictions: readonly Prediction[],
): Promise<string> {
  const picture = await sharp(file)
    .resize({ width: 2 * width, height: 2 * photo, fit: 'inside' })
    .png()
    .toBuffer({ resolveWithObject: true })
  const [w, h] = [picture.info.width / 2, picture.info.height / 2]
  const truth = basename(file).replace(/\..*/, '')
  const lines = predictions.map((one, index) => {
    const right = one.class.toLowerCase().replace(/\W/g, '-').startsWith(truth)
    const colour = plotColor(right ? 'ink' : 'vermilion')
    const style = one.unfamiliar ? 'italic' : 'normal'
    const y = top + photo + 26 + index * line
    return (
      `<text x="${left}" y="${y}" fill="${plotColor('muted')}">${one.model}</text>` +
      `<text x="${left + width}" y="${y}" text-anchor="end" font-style="${style}" fill="${colour}">${one.class} ${percent(one.probability)}</text>`
    )
  })
  const data = `data:image/png;base64,${picture.data.toString('base64')}`
  return [
    `<rect x="${left}" y="${top}" width="${width}" height="${photo}" fill="${plotColor('raised')}"/>`,
    `<image x="${left + (width - w) / 2}" y="${top + (photo - h) / 2}" width="${w}" height="${h}" href="${data}"/>`,
    ...lines,
  ].join('\n')
}
