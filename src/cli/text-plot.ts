/** A curve in plain characters, for terminals and logs. */

export interface PlotPoint {
  /** On a logarithmic scale. */
  readonly x: number
  readonly y: number
}

export interface PlotOptions {
  /** Columns and rows of the area within the axes. */
  readonly width: number
  readonly height: number
  /** Values above are drawn at the upper edge. */
  readonly highest: number
  /** Letters under the x axis that mark places of it; of several at one place the first. */
  readonly marks: Readonly<Record<string, number>>
}

/** The axes take this much room at the left. */
const MARGIN = 10

/** A y axis with three values, an x axis with a tick at each power of ten, the marks below. */
export function plotCurve(points: readonly PlotPoint[], options: PlotOptions): string {
  const { width, height, highest, marks } = options
  const xs = points.map(({ x }) => Math.log10(x))
  const ys = points.map(({ y }) => Math.min(y, highest))
  const [left, right] = [Math.min(...xs), Math.max(...xs)]
  const [low, high] = [Math.min(...ys), Math.max(...ys)]
  const columnOf = (x: number): number => Math.round(((x - left) / (right - left || 1)) * (width - 1))
  const rowOf = (y: number): number => Math.round(((high - y) / (high - low || 1)) * (height - 1))
  const area = Array.from({ length: height }, () => blank(width))
  xs.forEach((x, i) => {
    const row = area[rowOf(ys[i] as number)] as string[]
    row[columnOf(x)] = '•'
  })
  const labelled = [0, Math.floor(height / 2), height - 1]
  const rows = area.map((row, i) => {
    const value = high - ((high - low) * i) / (height - 1)
    return `${(labelled.includes(i) ? value.toPrecision(3) : '').padStart(MARGIN - 2)} │${row.join('')}`
  })
  const axis = { left, right, columnOf }
  return [...rows, ...drawAxis(axis, width, marks)].map((line) => line.trimEnd()).join('\n')
}

interface Axis {
  readonly left: number
  readonly right: number
  readonly columnOf: (x: number) => number
}

function drawAxis({ left, right, columnOf }: Axis, width: number, marks: PlotOptions['marks']): string[] {
  const line = new Array<string>(width).fill('─')
  const [ticks, letters] = [blank(width + 4), blank(width)]
  // Powers whose logarithm came out a rounding error beyond the ends count too.
  for (let power = Math.ceil(left - 1e-9); power <= right + 1e-9; power++) {
    line[columnOf(power)] = '┴'
    write(ticks, columnOf(power), `1e${power}`)
  }
  for (const [letter, x] of Object.entries(marks)) write(letters, columnOf(Math.log10(x)), letter)
  const indent = ' '.repeat(MARGIN)
  return [`${' '.repeat(MARGIN - 2)} └${line.join('')}`, indent + ticks.join(''), indent + letters.join('')]
}

const blank = (width: number): string[] => new Array<string>(width).fill(' ')

/** Puts a text where nothing stands yet. */
function write(line: string[], at: number, text: string): void {
  const free = [...text].every((_, i) => line[at + i] === ' ')
  if (free) for (const [i, character] of [...text].entries()) line[at + i] = character
}
