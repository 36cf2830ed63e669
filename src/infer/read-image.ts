/** From an image file to the pixels that a model takes. */
import { readFile } from 'node:fs/promises'
import { AtelierError, messageOf, mismatch } from '../core/errors.js'
import { decodePicture } from './decode.js'
import { type Invert, type PreparedPhoto, preparePhoto } from './photo/prepare.js'

/**
 * Reads a photo, or an image of the data set: 28 x 28 bytes, light on black, with the steps that led to them.
 *
 * @throws AtelierError naming the file where it cannot be read.
 */
export async function readImage(
  file: string,
  options: { readonly invert?: Invert } = {},
): Promise<PreparedPhoto> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new AtelierError(mismatch(file, 'a readable image file', messageOf(error)))
  })
  return preparePhoto(await decodePicture(bytes, file), options)
}
