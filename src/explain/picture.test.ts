import sharp from 'sharp'
import { expect, test } from 'vitest'
import { drawExplanation, drawExplanationPng, type ExplainedImage } from './picture.js'

const subject: ExplainedImage = {
  explanation: {
    method: 'occlusion',
    layer: null,
    classIndex: 1,
    logits: Float32Array.of(0, 2, 1),
    height: 2,
    width: 2,
    values: Float32Array.of(0, -3, 2, 1),
  },
  image: Uint8Array.of(0, 100, 200, 255),
  modelName: 'my <net>',
  imageName: 'test image 7',
  classes: ['Bag', 'Skirt & top', 'Shoe'],
  probabilities: [0.1, 0.7, 0.2],
}

/** The colours of the first squares of a group, in order. */
const fillsOf = (svg: string): string[] =>
  Array.from(svg.matchAll(/fill="(#\w{6})"/g), ([, color = '']) => color)

test('shows the image, the heat over it and the probabilities, the likeliest first', () => {
  const svg = drawExplanation(subject)
  expect(svg).toContain('my &lt;net&gt;, test image 7: why Skirt &amp; top (70.0 %)?')
  const groups = svg.split('<g ').slice(1).map(fillsOf)
  expect(groups[0]?.slice(0, 4)).toEqual(['#000000', '#646464', '#c8c8c8', '#ffffff'])
  // Nothing speaks for the first two: the darkened image; the largest value has the map's last colour.
  expect(groups[1]?.slice(0, 3)).toEqual(['#000000', '#3c3c3c', '#fcffa4'])
  const names = ['Skirt &amp; top', 'Shoe', 'Bag'].map((name) => svg.lastIndexOf(`>${name}<`))
  expect(names).toEqual([...names].sort((a, b) => a - b))
})

test('shows no heat where nothing speaks for the class', () => {
  const values = Float32Array.of(0, -1, -2, -3)
  const svg = drawExplanation({ ...subject, explanation: { ...subject.explanation, values } })
  expect(fillsOf(svg.split('<g ')[2] as string).slice(0, 4)).toEqual([
    '#000000',
    '#3c3c3c',
    '#787878',
    '#999999',
  ])
})

test('is a PNG of twice the size', async () => {
  const svg = drawExplanation(subject)
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? []
  const { format, ...size } = await sharp(await drawExplanationPng(subject)).metadata()
  expect([format, size.width, size.height]).toEqual(['png', 2 * Number(width), 2 * Number(height)])
})
