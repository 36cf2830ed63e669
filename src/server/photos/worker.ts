/** The thread that decodes and prepares photos: a large one takes a second, in which the server has to answer. */

import { parentPort } from 'node:worker_threads'
import { AtelierError } from '../../core/errors.js'
import { Serial } from '../../core/serial.js'
import { decodePicture } from '../../photo/decode.js'
import { type Invert, preparePhoto } from '../../photo/prepare.js'
import type { Photo } from '../schemas/predict.js'

export interface PhotoRequest {
  readonly bytes: Uint8Array
  readonly name: string
  readonly invert: Invert
}

export type PhotoAnswer =
  | { readonly photo: Photo }
  /** What is wrong with the image; null where the fault is the server's own. */
  | { readonly error: string; readonly known: boolean }

async function prepare({ bytes, name, invert }: PhotoRequest): Promise<PhotoAnswer> {
  try {
    const picture = await decodePicture(bytes, name)
    const { pixels, negated, untouched, blank, plain } = preparePhoto(picture, { invert })
    return { photo: { pixels: Array.from(pixels), negated, untouched, blank, plain } }
  } catch (error) {
    const known = error instanceof AtelierError
    return { error: known ? error.message : String((error as Error).stack), known }
  }
}

const photos = new Serial()
parentPort?.on('message', (request: PhotoRequest) => {
  // One after another: two large ones at once would take twice the memory.
  void photos.run(async () => parentPort?.postMessage(await prepare(request)))
})
