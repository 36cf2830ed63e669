/**
 * The binary tensor extension of the Open Inference Protocol: a body is JSON of the length that a header tells, then
 * the tensors' bytes, little-endian, one after another in the order of the JSON.
 */
import { mismatch } from '../../core/errors.js'
import { HttpError } from '../http/errors.js'

/** Both sides of a body. */
export interface SplitBody {
  readonly json: unknown
  readonly tensors: Buffer
}

/**
 * Takes a body apart.
 *
 * @param told - The header Inference-Header-Content-Length; undefined: all is JSON.
 */
export function splitBody(body: Buffer, told: string | undefined): SplitBody {
  const length = told === undefined ? body.length : lengthOf(told, body.length)
  try {
    return { json: JSON.parse(body.toString('utf8', 0, length)), tensors: body.subarray(length) }
  } catch {
    throw new HttpError(400, mismatch('Body', 'JSON', 'something else'))
  }
}

function lengthOf(told: string, all: number): number {
  const length = /^\d{1,10}$/.test(told) ? Number(told) : Number.NaN
  if (length <= all) return length
  const subject = 'Header Inference-Header-Content-Length'
  throw new HttpError(400, mismatch(subject, `a number of bytes up to the body's ${all}`, told))
}

/** A body of JSON and tensors. */
export function joinBody(
  json: unknown,
  tensors: readonly Float32Array[],
): { readonly body: Buffer; readonly length: number } {
  const head = Buffer.from(JSON.stringify(json))
  const parts = tensors.map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength),
  )
  return { body: Buffer.concat([head, ...parts]), length: head.length }
}
