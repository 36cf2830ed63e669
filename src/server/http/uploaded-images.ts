/** The images of a request: a file as its body, or files in a form. */
import type { FastifyRequest } from 'fastify'
import { messageOf, mismatch } from '../../core/errors.js'
import type { App } from './app.js'
import { HttpError } from './errors.js'
import { limits } from './limits.js'

export interface UploadedImage {
  /** The file's name in a form; `image` of a body. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** What endpoints that take images accept. */
export const imageTypes = ['image/*', 'application/octet-stream', 'multipart/form-data']

/** Lets the endpoints of this scope take bodies that are images. */
export function acceptImages(app: App): void {
  const asBuffer = { parseAs: 'buffer' } as const
  for (const type of [/^image\/[\w.+-]+\s*(;|$)/i, 'application/octet-stream']) {
    app.addContentTypeParser(type, asBuffer, async (_: FastifyRequest, body: Buffer) => {
      // An endpoint's limit is that of its forms, and a parser's own would give way to it.
      if (body.length > limits.image) throw tooLarge('Image', limits.image, `${body.length}`)
      return body
    })
  }
}

const tooLarge = (subject: string, most: number, received: string): HttpError =>
  new HttpError(413, mismatch(subject, `at most ${most} bytes`, received))

/**
 * At least one image.
 *
 * @throws HttpError 400 for none or a damaged form, 413 for too many or too large ones.
 */
export async function imagesIn(request: FastifyRequest): Promise<readonly UploadedImage[]> {
  const images = request.isMultipart() ? await filesIn(request) : bodyOf(request)
  if (images.length > 0) return images
  throw new HttpError(400, mismatch('Body', 'an image, or a form with images', 'none'))
}

function bodyOf({ body }: FastifyRequest): readonly UploadedImage[] {
  return body instanceof Buffer && body.length > 0 ? [{ name: 'image', bytes: body }] : []
}

async function filesIn(request: FastifyRequest): Promise<readonly UploadedImage[]> {
  try {
    return await readFiles(request, request.routeOptions.bodyLimit ?? limits.form)
  } catch (error) {
    // The rest is read and dropped: a client hears of an error only when it has sent all.
    request.raw.unpipe().resume()
    // The parser's errors about limits have a status, those about what it cannot read have none.
    if ((error as { statusCode?: number }).statusCode !== undefined) throw error
    throw new HttpError(400, mismatch('Form', 'parts between boundaries, to the last one', messageOf(error)))
  }
}

/** Holds at most so many bytes, which is what the request was let in with. */
async function readFiles(request: FastifyRequest, most: number): Promise<readonly UploadedImage[]> {
  const images: UploadedImage[] = []
  let size = 0
  for await (const { file, filename, fieldname } of request.files()) {
    const name = filename || fieldname
    const chunks: Buffer[] = []
    for await (const chunk of file as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > most) throw tooLarge('Form', most, 'more')
      chunks.push(chunk)
    }
    if (file.truncated) throw tooLarge(name, limits.image, 'more')
    images.push({ name, bytes: Buffer.concat(chunks) })
  }
  return images
}
