/** From an image file to the pixels that a model takes. */
import { decodePicture } from './decode.js'
import { type PhotoOptions, type PreparedPhoto, preparePhoto } from './prepare.js'
import { fileSource, type ImageSource } from './sources.js'

/**
 * Reads a photo, or an image of the data set: 28 x 28 bytes, light on black, with the steps that led to them.
 *
 * @throws AtelierError naming the file where it cannot be read.
 */
export function readImage(file: string, options: PhotoOptions = {}): Promise<PreparedPhoto> {
  return prepareSource(fileSource(file), options)
}

/** The same of any source. */
export async function prepareSource(
  { name, read }: ImageSource,
  options: PhotoOptions = {},
): Promise<PreparedPhoto> {
  return preparePhoto(await decodePicture(await read(), name), options)
}
