/** An explanation as a picture: the image, the map over it, and the probabilities of the classes, side by side. */
import { formatPercent } from '../core/format.js'
import { escapeHtml } from '../page/html.js'
import { plotColor } from '../page/theme.js'
import { gray, hex, inferno, mixed } from './colors.js'
import type { Explanation } from './explainer.js'
import { methodTitles } from './methods.js'

export interface ExplainedImage {
  readonly explanation: Explanation
  /** Pixels 0 ... 255 [height, width], light on black. */
  readonly image: Uint8Array
  /** As the title calls them: `cnn`, `test image 123`. */
  readonly modelName: string
  readonly imageName: string
  readonly classes: readonly string[]
  /** By class. */
  readonly probabilities: ArrayLike<number>
}

/** Pixels: a panel's side, around and between panels, the header, a panel's title, the column of class names. */
const SIDE = 280
const GAP = 36
const HEADER = 84
const FOOTER = 64
const NAMES = 110
const WIDTH = 4 * GAP + 3 * SIDE + NAMES
const HEIGHT = HEADER + SIDE + FOOTER
/** Classes shown at most, the likeliest. */
const CLASSES = 10

/** One SVG element, on white. It has no scripts and loads nothing. */
export function drawExplanation(subject: ExplainedImage): string {
  const { explanation, classes, modelName, imageName, probabilities } = subject
  const name = classes[explanation.classIndex] as string
  const probability = formatPercent(probabilities[explanation.classIndex] as number, 1)
  const [first, second, third] = [GAP, 2 * GAP + SIDE, 3 * GAP + 2 * SIDE]
  const title = `${modelName}, ${imageName}: why ${name} (${probability})?`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" ` +
      `viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" role="img" aria-label="${escapeHtml(title)}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="${plotColor('surface')}"/>`,
    text(GAP, 36, title, { size: 20, weight: 'bold' }),
    text(first, HEADER - 12, 'What the model sees'),
    pixels(first, explanation, (i) => hex(gray(brightness(subject, i)))),
    text(second, HEADER - 12, `${methodTitles[explanation.method]}: what speaks for it`),
    pixels(second, explanation, heatOver(subject)),
    scale(second),
    text(third, HEADER - 12, 'Probabilities'),
    bars(third, subject),
    '</svg>\n',
  ].join('\n')
}

/** Enlarges the drawing two times: sharp on dense screens. */
export async function drawExplanationPng(subject: ExplainedImage): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  return sharp(Buffer.from(drawExplanation(subject)), { density: 144 })
    .png({ compressionLevel: 9 })
    .toBuffer()
}

/** Of the place `i`: the mean of the image's channels. */
function brightness({ image, explanation: { height, width } }: ExplainedImage, i: number): number {
  const channels = image.length / (height * width)
  const values = image.subarray(i * channels, (i + 1) * channels)
  return Math.round(values.reduce((sum, value) => sum + value, 0) / channels)
}

/** The image, darkened, under a heat that covers the more the more there is of it; what speaks against shows none. */
function heatOver(subject: ExplainedImage): (i: number) => string {
  const { values } = subject.explanation
  const most = values.reduce((largest, value) => Math.max(largest, value), 0)
  return (i) => {
    const share = most > 0 ? Math.max(0, values[i] as number) / most : 0
    return hex(mixed(gray(Math.round(0.6 * brightness(subject, i))), inferno(share), Math.sqrt(share)))
  }
}

/** A square of the map's places. */
function pixels(left: number, { height, width }: Explanation, colorOf: (i: number) => string): string {
  const size = SIDE / Math.max(height, width)
  const rects = Array.from({ length: height * width }, (_, i) => {
    const [x, y] = [(i % width) * size, Math.floor(i / width) * size]
    return `<rect x="${x}" y="${y}" width="${size}" height="${size}" fill="${colorOf(i)}"/>`
  })
  return `<g transform="translate(${left} ${HEADER})" shape-rendering="crispEdges">${rects.join('')}</g>`
}

/** The colours from nothing to most, below the map. */
function scale(left: number): string {
  const [steps, width, top] = [40, 120, HEADER + SIDE + 20]
  const rects = Array.from({ length: steps }, (_, i) => {
    const color = hex(inferno(i / (steps - 1)))
    const x = left + 44 + (i * width) / steps
    return `<rect x="${x}" y="${top}" width="${width / steps}" height="12" fill="${color}"/>`
  })
  return [
    text(left, top + 11, 'none', { color: plotColor('muted'), size: 13 }),
    `<g shape-rendering="crispEdges">${rects.join('')}</g>`,
    text(left + 44 + width + 10, top + 11, 'most', { color: plotColor('muted'), size: 13 }),
  ].join('')
}

/** A bar for each class, the likeliest first; that of the map has its own colour. */
function bars(left: number, { explanation, classes, probabilities }: ExplainedImage): string {
  const order = Array.from(classes.keys()).sort(
    (a, b) => (probabilities[b] as number) - (probabilities[a] as number),
  )
  const row = SIDE / CLASSES
  const [start, room] = [left + NAMES + 10, SIDE - 70]
  return order
    .slice(0, CLASSES)
    .map((index, i) => {
      const probability = probabilities[index] as number
      const top = HEADER + i * row
      const explained = index === explanation.classIndex
      const length = Math.max(1, probability * room)
      const color = plotColor(explained ? 'vermilion' : 'blue')
      const weight = explained ? 'bold' : 'normal'
      return [
        text(left + NAMES, top + row / 2 + 5, shortened(classes[index] as string), { anchor: 'end', weight }),
        `<rect x="${start}" y="${top + 5}" width="${length}" height="${row - 10}" fill="${color}"/>`,
        text(start + length + 8, top + row / 2 + 5, formatPercent(probability, 1), { weight }),
      ].join('')
    })
    .join('\n')
}

const shortened = (name: string): string => (name.length > 15 ? `${name.slice(0, 14)}…` : name)

interface TextStyle {
  readonly size?: number
  readonly weight?: 'normal' | 'bold'
  readonly anchor?: 'start' | 'end'
  readonly color?: string
}

function text(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { size = 14, weight = 'normal', anchor = 'start', color = plotColor('ink') } = style
  return (
    `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" ` +
    `fill="${color}">${escapeHtml(content)}</text>`
  )
}
