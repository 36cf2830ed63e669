/** Which models take the images that photos become. */
import { AtelierError, mismatch } from '../core/errors.js'
import { formatShape, sameShape } from '../core/shape.js'
import { type Graph, inputShapeOf } from '../graph/graph.js'
import { SIDE } from '../photo/prepare.js'

const ofPhotos = [SIDE, SIDE, 1]

export const takesPhotos = (graph: Graph): boolean => sameShape(inputShapeOf(graph), ofPhotos)

/** @throws AtelierError for a model of other images. */
export function checkTakesPhotos({ name, graph }: { readonly name: string; readonly graph: Graph }): void {
  if (takesPhotos(graph)) return
  const expected = `${formatShape(ofPhotos)}, as photos become`
  throw new AtelierError(mismatch(`Model ${name}, input`, expected, formatShape(inputShapeOf(graph))))
}
