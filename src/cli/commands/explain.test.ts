import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { atelier } from '../../../test/support/command-line.js'
import { temporaryFolder } from '../../../test/support/folder.js'
import { finishedRun } from '../../../test/support/run.js'

async function setUp() {
  const folder = await temporaryFolder()
  const { run, dataset } = await finishedRun(folder, { holdOut: 0 })
  const explain = (image: string, ...flags: string[]) =>
    atelier('explain', run.directory, image, '--engine', 'reference', ...flags)
  return { folder, dataset, explain }
}

test('draws a picture and says what it shows', async () => {
  const { folder, dataset, explain } = await setUp()
  const picture = join(folder, 'why.png')
  const { code, stdout, stderr } = await explain('test:3', '--out', picture)
  const label = dataset.classes[dataset.test.labels[3] as number]
  expect(code).toBe(0)
  expect(stdout).toMatch(
    new RegExp(`^linear, test image 3: \\d, in truth ${label}\nExplained: \\d, by Smoothed gradient\n`),
  )
  expect(stderr).toBe(`Picture: ${picture}\n`)
  expect((await sharp(picture).metadata()).format).toBe('png')
})

test('gives the map of the class asked for as numbers', async () => {
  const { folder, explain } = await setUp()
  const picture = join(folder, 'why.svg')
  const flags = ['--class', '2', '--method', 'occlusion', '--json', '--out', picture]
  const { code, stdout } = await explain('test:0', ...flags)
  const answer = JSON.parse(stdout)
  expect(code).toBe(0)
  expect(Object.keys(answer)).toEqual([
    'model',
    'image',
    'label',
    'predicted',
    'class',
    'classIndex',
    'method',
    'layer',
    'classes',
    'probabilities',
    'height',
    'width',
    'values',
  ])
  expect(answer).toMatchObject({
    model: 'linear',
    class: '2',
    classIndex: 2,
    method: 'occlusion',
    layer: null,
  })
  expect(answer.values.map((row: number[]) => row.length)).toEqual([4, 4, 4, 4])
  expect(answer.probabilities.reduce((sum: number, p: number) => sum + p, 0)).toBeCloseTo(1, 5)
  expect(await readFile(picture, 'utf8')).toContain('<svg')
})

test('refuses what it cannot do before it opens anything', async () => {
  const { code, stderr } = await atelier('explain', 'nn', 'test:0', '--out', 'why.jpg')
  expect([code, stderr]).toEqual([
    2,
    '--out: expected a file name that ends in .png or .svg, received why.jpg\n',
  ])
})

test.each([
  [['test:30'], 2, 'Image: expected test:0 to test:29, received test:30\n'],
  [['test:x'], 2, 'Image: expected test:0 to test:29, received test:x\n'],
  [
    ['test:0', '--class', '7'],
    2,
    '--class: expected a class or an index from 0 to 2, received 7. They are 0, 1, 2\n',
  ],
  [
    ['test:0', '--method', 'gradcam'],
    1,
    'Method gradcam: expected a model with a rectified layer of at least 7 x 7 pixels, received linear, which has ' +
      'none. Use gradient or occlusion\n',
  ],
])('refuses %j', async (args, exitCode, message) => {
  const { explain } = await setUp()
  const { code, stderr } = await explain(...(args as [string, ...string[]]), '--json')
  expect([code, stderr]).toEqual([exitCode, message])
})

test('reads an image file where the model takes its size', async () => {
  const { folder, explain } = await setUp()
  const file = join(folder, 'garment.png')
  await sharp({ create: { width: 28, height: 28, channels: 3, background: 'black' } })
    .png()
    .toFile(file)
  const { code, stderr } = await explain(file, '--json')
  expect([code, stderr]).toEqual([
    2,
    'Model linear, input: expected 28 x 28 x 1, received 4 x 4 x 1. Files are read as 28 x 28 pixels; take one of its ' +
      'test images, as test:0\n',
  ])
  const missing = await explain(join(folder, 'none.png'), '--json')
  expect(missing.code).toBe(1)
  expect(missing.stderr).toContain('none.png: expected a readable image file')
})
