/** Whether a model can teach another. */
import { mismatch, UsageError } from '../core/errors.js'
import { checksumOf } from '../core/files.js'
import { formatShape, sameShape } from '../core/shape.js'
import { classCountOf, type Graph, inputShapeOf } from '../graph/graph.js'
import type { Recipe } from '../recipes/recipe.js'
import { openTrained } from '../runs/open-trained.js'
import type { TrainedModel } from '../runs/trained-model.js'

function checkAlike({ graph, directory }: TrainedModel, student: Graph): void {
  const describe = (of: Graph): string =>
    `${formatShape(inputShapeOf(of))} images in ${classCountOf(of)} classes`
  const alike =
    sameShape(inputShapeOf(graph), inputShapeOf(student)) && classCountOf(graph) === classCountOf(student)
  if (!alike) throw new UsageError(mismatch(`teacher ${directory}`, describe(student), describe(graph)))
}

/**
 * A teacher that learned from held-out images would hand their labels on. Gives the SHA-256 of its file of weights, by
 * which it is known again; null where the recipe has none.
 *
 * @throws UsageError where there is no such model, it classifies other images, or unless it held as many out: every run
 * holds out the same ones.
 */
export async function checkTeacher(
  { teacher }: Recipe,
  heldOutImages: number,
  student: Graph,
): Promise<string | null> {
  if (!teacher) return null
  const trained = await openTrained(teacher.model)
  checkAlike(trained, student)
  const { record, weightsFile } = trained
  if (heldOutImages === 0 || record.heldOutImages === heldOutImages) {
    return checksumOf(weightsFile)
  }
  const expected = `a model that held out the same ${heldOutImages} images`
  const hint = 'Give the run of one: --set teacher.model=runs/...'
  throw new UsageError(
    mismatch(`teacher ${teacher.model}`, expected, `one that held out ${record.heldOutImages}`, hint),
  )
}
