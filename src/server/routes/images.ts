/** The images of a request: a file as its body, or files in a form. */
import type { FastifyRequest } from 'fastify'
import { messageOf, mismatch } from '../../core/errors.js'
import { formatBytes } from '../../core/format.js'
import type { App } from '../app.js'
import { HttpError } from '../http/errors.js'
import { limits } from '../http/limits.js'

export interface UploadedImage {
  /** The file's name in a form; `image` of a body. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** What endpoints that take images accept. */
export const imageTypes = ['image/*', 'application/octet-stream', 'multipart/form-data']

/** Lets the endpoints of this scope take bodies that are images. */
export function acceptImages(app: App): void {
  const asBuffer = { parseAs: 'buffer', bodyLimit: limits.image } as const
  for (const type of [/^image\/[\w.+-]+\s*(;|$)/i, 'application/octet-stream']) {
    app.addContentTypeParser(type, asBuffer, async (_: FastifyRequest, body: Buffer) => body)
  }
}

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
    return await readFiles(request)
  } catch (error) {
    // The parser's errors about limits have a status, those about what it cannot read have none.
    if ((error as { statusCode?: number }).statusCode !== undefined) throw error
    throw new HttpError(400, mismatch('Form', 'parts between boundaries, to the last one', messageOf(error)))
  }
}

async function readFiles(request: FastifyRequest): Promise<readonly UploadedImage[]> {
  const images: UploadedImage[] = []
  let size = 0
  for await (const part of request.files()) {
    const bytes = await part.toBuffer()
    size += bytes.length
    if (size > limits.form) {
      throw new HttpError(413, mismatch('Form', `at most ${formatBytes(limits.form)}`, 'more'))
    }
    images.push({ name: part.filename || part.fieldname, bytes })
  }
  return images
}
