/** A trained model whose answers another one learns from. */
import { mismatch, UsageError } from '../core/errors.js'
import { checksumOf } from '../core/files.js'
import { softmaxRows } from '../core/logits.js'
import { formatShape, sameShape } from '../core/shape.js'
import type { Classifier, Engine } from '../engine/engine.js'
import { classCountOf, type Graph, inputShapeOf } from '../graph/graph.js'
import type { Recipe } from '../recipes/recipe.js'
import { openTrained } from '../runs/open-trained.js'
import type { TrainedModel } from '../runs/trained-model.js'
import { resolvePrecision } from './precision.js'

export class Teacher {
  private constructor(private readonly classifier: Classifier) {}

  /**
   * Opens one that `checkTeacher` has passed. `batch` is the student's: a step's images are a group of their own, so that
   * the last bits of their targets do not depend on the other steps that are asked for along with it.
   */
  static async open(
    { model }: NonNullable<Recipe['teacher']>,
    { engine, imageDType, batch }: { engine: Engine; imageDType: 'u8' | 'f32'; batch: number },
  ): Promise<Teacher> {
    const trained = await openTrained(model)
    const precision = resolvePrecision({ precision: 'auto' }, trained.graph, engine)
    const options = { scaling: trained.scaling, precision, imageDType, batch }
    const classifier = await engine.classifier(trained.graph, options)
    await classifier.load(await trained.readWeights())
    return new Teacher(classifier)
  }

  /** Probabilities [count, classes] of images, pixels 0 ... 255, of whole steps or of one that is smaller. */
  async targets(images: Uint8Array | Float32Array, count: number): Promise<Float32Array> {
    return softmaxRows(await this.classifier.logits(images, count), this.classifier.classes)
  }

  dispose(): void {
    this.classifier.dispose()
  }
}

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
