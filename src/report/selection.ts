/** Which of the scored images a report shows. */

import type { ScoredImage } from '../evaluate/scored-images.js'

/** The images of one true class that were given one class. */
export interface Cell {
  readonly label: number
  readonly predicted: number
  readonly count: number
  /** Mistakes: the most confident first. Right ones: the least confident first. */
  readonly images: readonly ScoredImage[]
}

/** Images behind a cell off the diagonal and on it, at most. */
const MOST_MISTAKES = 100
const MOST_RIGHT = 20

/**
 * The cells of the confusion matrix that have images, row by row. A page has to stay light: where all cells
 * together would show more than `room` images, each shows fewer.
 */
export function selectCells(images: readonly ScoredImage[], room: number): readonly Cell[] {
  const groups = new Map<string, ScoredImage[]>()
  for (const image of images) {
    const key = `${image.label} ${image.predicted}`
    const group = groups.get(key)
    if (group) group.push(image)
    else groups.set(key, [image])
  }
  const all = [...groups.values()].map((group) => {
    const { label, predicted } = group[0] as ScoredImage
    const right = label === predicted
    group.sort((a, b) => (right ? a.confidence - b.confidence : b.confidence - a.confidence))
    return {
      label,
      predicted,
      count: group.length,
      images: group.slice(0, right ? MOST_RIGHT : MOST_MISTAKES),
    }
  })
  const most = largestFitting(
    all.map((cell) => cell.images.length),
    room,
  )
  return all
    .map((cell) => ({ ...cell, images: cell.images.slice(0, most) }))
    .sort((a, b) => a.label - b.label || a.predicted - b.predicted)
}

/** The largest k for which the counts, cut to k each, sum to `room` at most. */
function largestFitting(counts: readonly number[], room: number): number {
  let k = MOST_MISTAKES
  while (k > 0 && counts.reduce((sum, count) => sum + Math.min(count, k), 0) > room) k--
  return k
}

/** The mistakes of the cells that the model was surest of. */
export function worstMistakes(cells: readonly Cell[], count: number): readonly ScoredImage[] {
  return cells
    .flatMap(({ label, predicted, images }) => (label === predicted ? [] : images))
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, count)
}
