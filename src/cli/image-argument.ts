/** An image as the command line names it: a file, or `test:123`, an image of the data set. */
import { mismatch, UsageError } from '../core/errors.js'
import { formatShape, sizeOf } from '../core/shape.js'
import { inputShapeOf } from '../graph/graph.js'
import type { TrainedModel } from '../runs/trained-model.js'

export interface NamedImage {
  /** `test image 123`, or the file as it was given. */
  readonly name: string
  /** Pixels 0 ... 255, of the model's input shape. */
  readonly pixels: Uint8Array
  /** The true class of an image of the data set; null for a file. */
  readonly label: number | null
}

/**
 * Reads an image for a model; test images are those of the data that it learned from, unless `data` is a folder.
 *
 * @throws UsageError for a test image that is not there, AtelierError for what cannot be read or does not fit.
 */
export async function readImageArgument(
  argument: string,
  model: TrainedModel,
  data: string | undefined,
): Promise<NamedImage> {
  const index = /^test:(.*)$/.exec(argument)?.[1]
  if (index !== undefined) return testImage(index, model, data)
  const { readImage } = await import('../photo/read-image.js')
  const { pixels } = await readImage(argument)
  const shape = inputShapeOf(model.graph)
  if (pixels.length !== sizeOf(shape)) {
    const hint = 'Files are read as 28 x 28 pixels; take one of its test images, as test:0'
    throw new UsageError(mismatch(`Model ${model.name}, input`, '28 x 28 x 1', formatShape(shape), hint))
  }
  return { name: argument, pixels, label: null }
}

async function testImage(text: string, model: TrainedModel, data: string | undefined): Promise<NamedImage> {
  const [{ loadDataset }, { checkFit }, { downloadReporter }, { dataOf }] = await Promise.all([
    import('../data/dataset.js'),
    import('../train/prepare.js'),
    import('./download-progress.js'),
    import('../runs/run-folder.js'),
  ])
  const dataset = await loadDataset({ data: data ?? dataOf(model), onProgress: downloadReporter() })
  checkFit(model.graph, dataset)
  const { images, labels, count } = dataset.test
  const index = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(index < count)) {
    const expected = `test:0 to test:${count - 1}`
    throw new UsageError(mismatch('Image', expected, `test:${text}`))
  }
  const size = images.length / count
  const pixels = Uint8Array.from(images.subarray(index * size, (index + 1) * size))
  return { name: `test image ${index}`, pixels, label: labels[index] as number }
}
