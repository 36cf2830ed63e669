/** The images of a request: a file as its body, or files in a form, whose fields count as parameters of the query. */
import type { Multipart } from '@fastify/multipart'
import type { FastifyError, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { mismatch, shown } from '../../core/errors.js'
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

/** Lets the endpoints of this scope take bodies that are images, and forms, which are read before the query is checked. */
export function acceptImages(app: App): void {
  const asBuffer = { parseAs: 'buffer' } as const
  for (const type of [/^image\/[\w.+-]+\s*(;|$)/i, 'application/octet-stream']) {
    app.addContentTypeParser(type, asBuffer, async (_: FastifyRequest, body: Buffer) => {
      // An endpoint's limit is that of its forms, and a parser's own would give way to it.
      if (body.length > limits.image) throw tooLarge('Image', limits.image, `${body.length}`)
      return body.length === 0 ? [] : [{ name: 'image', bytes: body }]
    })
  }
  app.addHook('preValidation', async (request) => {
    if (!request.isMultipart()) return
    const { images, query } = await formIn(request)
    request.body = images
    request.query = query
  })
}

const tooLarge = (subject: string, most: number, received: string): HttpError =>
  new HttpError(413, mismatch(subject, `at most ${most} bytes`, received))

/**
 * At least one image.
 *
 * @throws HttpError 400 for none.
 */
export function imagesIn({ body }: FastifyRequest): readonly UploadedImage[] {
  const images = (body ?? []) as readonly UploadedImage[]
  if (images.length > 0) return images
  throw new HttpError(400, mismatch('Body', 'an image, or a form with images', 'none'))
}

interface Form {
  readonly images: readonly UploadedImage[]
  /** What the address has after its question mark, and the form's fields. */
  readonly query: Record<string, unknown>
}

/** @throws HttpError 400 for a damaged form or a field that the query does not have, 413 for too much. */
async function formIn(request: FastifyRequest): Promise<Form> {
  try {
    return await readForm(request, request.routeOptions.bodyLimit ?? limits.form)
  } catch (error) {
    // The rest is read and dropped: a client hears of an error only when it has sent all.
    request.raw.unpipe().resume()
    throw error instanceof HttpError ? error : refusalOf(error as Partial<FastifyError>)
  }
}

/** Holds at most so many bytes, which is what the request was let in with. */
async function readForm(request: FastifyRequest, most: number): Promise<Form> {
  const images: UploadedImage[] = []
  const query: Record<string, unknown> = { ...(request.query as object) }
  let size = 0
  for await (const part of request.parts()) {
    if (part.type === 'field') {
      const { fieldname: name } = part
      const value = fieldOf(part, request)
      // Given twice it is a list, as it is in an address.
      query[name] = Object.hasOwn(query, name) ? [query[name], value].flat() : value
      continue
    }
    const name = part.filename || part.fieldname
    const chunks: Buffer[] = []
    for await (const chunk of part.file as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > most) throw tooLarge('Form', most, 'more')
      chunks.push(chunk)
    }
    if (part.file.truncated) throw tooLarge(name, limits.image, 'more')
    images.push({ name, bytes: Buffer.concat(chunks) })
  }
  return { images, query }
}

type Field = Extract<Multipart, { readonly type: 'field' }>

function fieldOf({ fieldname, value, valueTruncated }: Field, { routeOptions }: FastifyRequest): string {
  const { shape = {} } = (routeOptions.schema?.querystring ?? {}) as Partial<z.ZodObject>
  if (!Object.hasOwn(shape, fieldname)) {
    const hint = 'Images are files: curl -F file=@photo.jpg'
    const expected = `files, and the fields ${Object.keys(shape).join(', ')}`
    // The parser knows none where its type says one.
    const received = fieldname ? `the field ${shown(fieldname)}` : 'a field without a name'
    throw new HttpError(400, mismatch('Form', expected, received, hint))
  }
  if (valueTruncated) throw tooLarge(`Field ${fieldname}`, limits.multipart.fieldSize, 'more')
  if (typeof value === 'string') return value
  throw new HttpError(400, mismatch(`Field ${fieldname}`, 'plain text', 'JSON'))
}

const { files, fields, parts } = limits.multipart
/** Of the parser's errors the codes tell what was too much; it has none for what it cannot read. */
const tooMany: Readonly<Record<string, string>> = {
  FST_FILES_LIMIT: `at most ${files} files`,
  FST_FIELDS_LIMIT: `at most ${fields} fields`,
  FST_PARTS_LIMIT: `at most ${parts} parts`,
}

function refusalOf({ code = '' }: Partial<FastifyError>): HttpError {
  const most = tooMany[code]
  if (most !== undefined) return new HttpError(413, mismatch('Form', most, 'more'))
  if (code === 'FST_REQ_FILE_TOO_LARGE') return tooLarge('File', limits.image, 'more')
  const expected = 'parts between boundaries, to the last one, and fields of plain text'
  return new HttpError(400, mismatch('Form', expected, 'something else'))
}
