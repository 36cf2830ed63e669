/** What images show, in a model's opinion. */
import { mismatch, UsageError } from '../core/errors.js'
import { argmax, softmax } from '../core/logits.js'
import { formatShape, sizeOf } from '../core/shape.js'
import { inputShapeOf } from '../graph/graph.js'
import { readImage } from '../photo/read-image.js'
import { isUnfamiliar } from '../predict/known-images.js'
import type { Model } from './model.js'

/**
 * The path of an image file, a photo or an image of the data set; or an image as the data set has them: a byte a
 * pixel, row by row, light on black.
 */
export type ImageInput = string | Uint8Array

export interface Prediction {
  /** The likeliest class: its name, its label and its probability. */
  readonly class: string
  readonly label: number
  readonly probability: number
  /** By label; calibrated where the model has a temperature. */
  readonly probabilities: Float32Array
  /** As the network gives them, before the temperature. */
  readonly logits: Float32Array
  /** The image is blank or like nothing the model knows: its class means nothing. Null where that is unknown. */
  readonly unfamiliar: boolean | null
}

/**
 * Predicts all the images at once, which is faster than one by one.
 *
 * @throws AtelierError for a file that cannot be read as an image, UsageError for pixels of another number than the
 * model takes.
 */
export async function predict(model: Model, images: readonly ImageInput[]): Promise<Prediction[]> {
  const { classes, classifier, trained } = model
  const shape = inputShapeOf(trained.graph)
  const size = sizeOf(shape)
  const pixels = new Uint8Array(images.length * size)
  for (const [index, image] of images.entries()) {
    const values = typeof image === 'string' ? (await readImage(image)).pixels : image
    if (values.length !== size) {
      const subject = typeof image === 'string' ? image : `Image ${index}`
      const expected = `${size} pixels (${formatShape(shape)}) for the model ${model.name}`
      throw new UsageError(mismatch(subject, expected, String(values.length)))
    }
    pixels.set(values, index * size)
  }
  const logits = await classifier.logits(pixels, images.length)
  return images.map((_, index) =>
    predictionOf(
      model,
      pixels.subarray(index * size, (index + 1) * size),
      logits.slice(index * classes.length, (index + 1) * classes.length),
    ),
  )
}

function predictionOf(
  { classes, trained, known }: Model,
  image: Uint8Array,
  logits: Float32Array,
): Prediction {
  const probabilities = softmax(logits, trained.temperature)
  const label = argmax(logits)
  const probability = probabilities[label] as number
  const unfamiliar = isUnfamiliar(image, known?.compare(logits) ?? null)
  return { class: classes[label] as string, label, probability, probabilities, logits, unfamiliar }
}
