import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeEach, describe, expect, it } from 'vitest'
import { atelier } from '../../../test/support/command-line.js'
import { temporaryFolder } from '../../../test/support/folder.js'
import { argmax } from '../../core/logits.js'
import { type Dataset, loadDataset } from '../../data/dataset.js'
import { userPlaces } from '../../data/locate.js'
import { chooseEngine } from '../../engine/choose.js'
import { predictWith } from '../../evaluate/predictions.js'
import { modelNames } from '../../models/names.js'
import { openTrained } from '../../runs/open-trained.js'

const photos = join('examples', 'photos')
const dress = join(photos, 'dress.jpg')
const sneaker = join(photos, 'sneaker.jpg')

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
})

describe('atelier predict', () => {
  it('says what a photo shows, a line for each model', async () => {
    const { code, stdout, stderr } = await atelier('predict', 'nn,dnn', dress, '--top', '2')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const line = (model: string) =>
      expect.stringMatching(new RegExp(`^${dress}  ${model}: Dress \\d\\d\\.\\d %, [A-Z][^,]+ \\d\\.\\d %$`))
    expect(stdout.trimEnd().split('\n')).toEqual([line('nn'), line('dnn')])
  })

  it('gives calibrated probabilities and the score as JSON', async () => {
    const { code, stdout } = await atelier('predict', 'nn', dress, '--json', '--top', '10')
    expect(code).toBe(0)
    const { images, failed } = JSON.parse(stdout)
    expect(failed).toBe(0)
    const [image] = images
    expect(image).toMatchObject({ image: dress, error: null, negated: true, untouched: false, blank: false })
    const [prediction] = image.predictions
    expect(prediction).toMatchObject({ model: 'nn', class: 'Dress', label: 3, unfamiliar: false })
    expect(prediction.score).toBeLessThan(prediction.threshold)
    const probabilities = prediction.top.map(({ probability }: { probability: number }) => probability)
    expect(probabilities).toHaveLength(10)
    expect(probabilities).toEqual(probabilities.toSorted((a: number, b: number) => b - a))
    expect(probabilities.reduce((a: number, b: number) => a + b)).toBeCloseTo(1, 5)
    const { temperature } = await openTrained('nn')
    expect(temperature).toBeGreaterThan(0)
  })

  it('warns of an image like nothing the model knows', async () => {
    const blank = join(folder, 'blank.png')
    const noise = join(folder, 'noise.png')
    const create = { width: 40, height: 40, channels: 3, background: '#abc' } as const
    await sharp({ create }).png().toFile(blank)
    const values = Uint8Array.from({ length: 784 }, (_, i) => (Math.imul(i + 1, 0x9e3779b1) >>> 16) & 255)
    await sharp(values, { raw: { width: 28, height: 28, channels: 1 } })
      .png()
      .toFile(noise)
    const { code, stdout } = await atelier('predict', 'nn', blank, noise)
    expect(code).toBe(0)
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(2)
    for (const line of lines) expect(line).toMatch(/ {2}nn: like nothing it knows \(/)
  })

  it('does not stop at a bad file, and says so at the end', async () => {
    const bad = join(folder, 'a-bad.png')
    await writeFile(bad, 'not an image')
    await writeFile(join(folder, 'b-good.jpg'), await sharp(dress).toBuffer())
    const { code, stdout, stderr } = await atelier('predict', 'nn', folder)
    expect(code).toBe(1)
    expect(stdout).toContain('b-good.jpg  nn: Dress')
    expect(stderr).toBe(
      `${bad}: expected an image (PNG, JPEG, WebP, AVIF, GIF or TIFF), received other bytes\n` +
        'Of 2 images: expected none left out, received 1 that cannot be read\n',
    )
    const json = await atelier('predict', 'nn', folder, '--json')
    expect(json.code).toBe(1)
    const { images, failed } = JSON.parse(json.stdout)
    expect(failed).toBe(1)
    expect(images).toHaveLength(2)
    expect(images[0]).toEqual({ image: bad, error: expect.stringContaining('received other bytes') })
  })

  it('draws the steps', async () => {
    const picture = join(folder, 'steps.png')
    const { code, stderr } = await atelier('predict', 'nn', sneaker, '--show', picture)
    expect({ code, stderr }).toEqual({ code: 0, stderr: `Picture: ${picture}\n` })
    const { format, width, height } = await sharp(picture).metadata()
    expect({ format, width }).toEqual({ format: 'png', width: 904 })
    // Two rows of steps; one, of two panels, for an image that is taken as it is.
    expect(height).toBeGreaterThan(500)
  })

  it('negates when told to', async () => {
    const { stdout } = await atelier('predict', 'nn', dress, '--invert', 'no', '--json')
    expect(JSON.parse(stdout).images[0].negated).toBe(false)
  })

  it.each([
    [['--show', 'steps.jpg', dress], '--show: expected a file name that ends in .png, received steps.jpg'],
    [['--show', 'steps.png', dress, dress], '--show: expected one image to draw, received 2 images'],
    [['--top', '0', dress], '--top: expected a whole number from 1 to 256, received 0'],
    [['--invert', 'maybe', dress], '--invert: expected auto, yes or no, received maybe'],
    [['-', '-'], 'Images: expected - once, received it twice'],
  ])('refuses %j', async (flags, message) => {
    const { code, stderr } = await atelier('predict', 'nn', ...flags)
    expect({ code, stderr }).toEqual({ code: 2, stderr: `${message}\n` })
  })

  it('fails where the one image is not there', async () => {
    const { code, stderr } = await atelier('predict', 'nn', 'no-such.png')
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'no-such.png: expected an image file, received no such file\n',
    })
  })
})

describe.skipIf(!existsSync(userPlaces().system))('test images in PNG files', () => {
  const count = 200

  it('get the classes that an evaluation gives them, all 200, by every model', async () => {
    const dataset = await loadDataset()
    const images = dataset.test.images.subarray(0, 784 * count)
    const first = { ...dataset, test: { images, labels: dataset.test.labels.subarray(0, count), count } }
    const files = join(folder, 'png')
    await writePngs(files, images)
    const { stdout } = await atelier('predict', modelNames.join(','), files, '--json', '--top', '1')
    const predicted: Answer[] = JSON.parse(stdout).images
    expect(predicted.filter(({ untouched, negated }) => untouched && !negated)).toHaveLength(count)
    for (const [index, name] of modelNames.entries()) {
      const labels = predicted.map(({ predictions }) => predictions[index]?.label)
      expect(labels, name).toEqual(await evaluatedClasses(name, first))
    }
  })
})

/** What the test needs of the JSON of an image. */
interface Answer {
  readonly untouched: boolean
  readonly negated: boolean
  readonly predictions: readonly { readonly label: number }[]
}

async function writePngs(directory: string, images: Uint8Array): Promise<void> {
  await mkdir(directory)
  for (let i = 0; i < images.length / 784; i++) {
    const pixels = Uint8Array.from(images.subarray(784 * i, 784 * (i + 1)))
    const image = sharp(pixels, { raw: { width: 28, height: 28, channels: 1 } }).toColourspace('b-w')
    await image.png().toFile(join(directory, `${String(i).padStart(3, '0')}.png`))
  }
}

/** As `atelier evaluate` finds them. */
async function evaluatedClasses(name: string, dataset: Dataset): Promise<number[]> {
  const model = await openTrained(name)
  const { engine } = await chooseEngine({ engine: 'auto' })
  const weights = await model.readWeights()
  const request = { dataset, engine, precision: 'f32' } as const
  const { logits, count } = await predictWith(weights, model, 'test', request)
  return Array.from({ length: count }, (_, i) => argmax(logits.subarray(10 * i, 10 * i + 10)))
}
