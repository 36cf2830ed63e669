/** What images show, in a model's opinion. */
import { mismatch, UsageError } from '../core/errors.js'
import { formatShape, sizeOf } from '../core/shape.js'
import { inputShapeOf } from '../graph/graph.js'
import { readImage } from '../photo/read-image.js'
import { loadedModel, type Model } from './model.js'

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
  const { predictor, trained } = loadedModel(model)
  const shape = inputShapeOf(trained.graph)
  const read: Uint8Array[] = []
  for (const [index, image] of images.entries()) {
    const pixels = typeof image === 'string' ? (await readImage(image)).pixels : bytesOf(image, index)
    if (pixels.length !== sizeOf(shape)) {
      const subject = typeof image === 'string' ? image : `Image ${index}`
      const expected = `${sizeOf(shape)} pixels (${formatShape(shape)}) for the model ${model.name}`
      throw new UsageError(mismatch(subject, expected, String(pixels.length)))
    }
    read.push(pixels)
  }
  const answers = await predictor.predict(read)
  return answers.map(({ familiarity: _, ...prediction }) => prediction)
}

/** Programs in JavaScript may hand over fractions, which would be taken for black. */
function bytesOf(image: Uint8Array, index: number): Uint8Array {
  if (image instanceof Uint8Array) return image
  const hint = 'Multiply pixels of 0 to 1 by 255 and round them'
  throw new UsageError(mismatch(`Image ${index}`, 'a path or a Uint8Array', 'something else', hint))
}
