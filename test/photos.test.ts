/** What the documentation says of the pictures in examples/photos is what the released models say of them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { chooseEngine } from '../src/engine/choose.js'
import type { Engine } from '../src/engine/engine.js'
import { type ModelName, modelNames } from '../src/models/names.js'
import { readImage } from '../src/photo/read-image.js'
import { Predictor } from '../src/predict/predictor.js'
import { openTrained } from '../src/runs/open-trained.js'

const folder = 'examples/photos'
const files = readdirSync(folder)
/** Processors round differently, and a tenth of a per cent is shown. */
const TOLERANCE = 0.11
const renew = 'Renew it with: npx --no-install jiti examples/predict-photos.ts'

interface Answer {
  readonly class: string
  readonly percent: number
  readonly unfamiliar: boolean
}
type Answers = ReadonlyMap<string, Answer>
/** What a page shows of a file; a page may show a file more than once. */
type Shown = readonly (readonly [file: string, answer: Answer])[]

async function answersOf(name: ModelName, engine: Engine, photos: Uint8Array[]): Promise<Answers> {
  const predictor = await Predictor.open(await openTrained(name), engine, photos.length)
  const predictions = await predictor.predict(photos)
  predictor.dispose()
  return new Map(
    predictions.map(({ class: name, probability, unfamiliar }, index) => [
      files[index] as string,
      {
        class: name,
        percent: 100 * probability,
        unfamiliar: unfamiliar === true,
      },
    ]),
  )
}

/** `unfamiliar: Coat 85.8 %`, a cell of the table. */
function parseCell(cell = ''): Answer {
  const [, unfamiliar, name = '', percent] = /^(unfamiliar: )?(.+) ([\d.]+) %$/.exec(cell.trim()) ?? []
  return { class: name, percent: Number(percent), unfamiliar: unfamiliar !== undefined }
}

/** The answers of a column of the table in docs/predict.md. */
function tabled(model: ModelName): Shown {
  const page = readFileSync('docs/predict.md', 'utf8')
  const column = modelNames.indexOf(model)
  const rows = page.matchAll(/^\| \[(.+)\]\(\.\.\/examples\/photos\/.*?\) \|(.*)\|$/gm)
  return Array.from(rows, ([, file = '', cells = '']) => [file, parseCell(cells.split('|')[column])])
}

/** The answers that a README shows the command give. */
function printed(page: string, model: ModelName): Shown {
  const line = new RegExp(`^${folder}/(\\S+)  ${model}: (like nothing it knows \\()?(.+?) ([\\d.]+) %`, 'gm')
  const lines = readFileSync(page, 'utf8').matchAll(line)
  return Array.from(lines, ([, file = '', unfamiliar, name = '', percent]) => [
    file,
    { class: name, percent: Number(percent), unfamiliar: unfamiliar !== undefined },
  ])
}

function expectSame(shown: Shown, answers: Answers): void {
  expect([...new Set(shown.map(([file]) => file))].sort()).toEqual([...files].sort())
  for (const [file, { percent, ...rest }] of shown) {
    const answer = answers.get(file) as Answer
    expect(rest, `${file}. ${renew}`).toEqual({ class: answer.class, unfamiliar: answer.unfamiliar })
    expect(Math.abs(percent - answer.percent), `${file}. ${renew}`).toBeLessThan(TOLERANCE)
  }
}

const answers = new Map<ModelName, Answers>()
beforeAll(async () => {
  const { engine } = await chooseEngine({ engine: 'auto' })
  const photos = await Promise.all(files.map((file) => readImage(join(folder, file))))
  const pixels = photos.map((photo) => Uint8Array.from(photo.pixels))
  for (const name of modelNames) answers.set(name, await answersOf(name, engine, pixels))
})

describe('the pictures of examples/photos', () => {
  it.each(modelNames)('are to %s what docs/predict.md shows', (model) => {
    expectSame(tabled(model), answers.get(model) as Answers)
  })

  it.each(['README.md', 'README.vi.md'])('are to cnn what %s shows', (page) => {
    expectSame(printed(page, 'cnn'), answers.get('cnn') as Answers)
  })

  it.each(modelNames)('are recognized by %s, at least 8 of the 10', (model) => {
    const truth = (file: string): string => file.replace(/\..*/, '')
    const right = [...(answers.get(model) as Answers)].filter(([file, answer]) =>
      answer.class.toLowerCase().replaceAll(/\W/g, '-').startsWith(truth(file)),
    )
    expect(files).toHaveLength(10)
    expect(right.length).toBeGreaterThanOrEqual(8)
  })
})
