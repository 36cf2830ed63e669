/** The input tensor of an inference request, checked and brought into pixels. */
import { mismatch } from '../../core/errors.js'
import { explain } from '../../core/schema.js'
import { formatShape, type Shape, sameShape, sizeOf } from '../../core/shape.js'
import { HttpError } from '../http/errors.js'
import { parseRequest } from '../http/zod.js'
import { type InferRequest, inferRequestSchema } from '../schemas/inference.js'
import type { SplitBody } from './binary.js'

/** Images of one request. */
export const MOST_IMAGES = 1024

export const INPUT = 'pixel_values'
export const outputNames = ['logits', 'probabilities'] as const
export type OutputName = (typeof outputNames)[number]

export interface WantedOutput {
  readonly name: OutputName
  /** Whether it comes as bytes. */
  readonly binary: boolean
}

export interface CheckedRequest {
  readonly id: string | undefined
  /** Pixels 0 ... 255, image after image. */
  readonly images: Float32Array
  readonly count: number
  readonly outputs: readonly WantedOutput[]
}

/**
 * Reads a request for a model whose images have a shape [height, width, 1] or [size].
 *
 * @throws HttpError 400 where it is not one.
 */
export function readRequest({ json, tensors }: SplitBody, imageShape: Shape): CheckedRequest {
  const { data: request, error } = parseRequest(inferRequestSchema, json)
  if (error) throw wrong(`Body: ${explain(error)}`)
  const [input, more] = request.inputs
  if (input === undefined || more !== undefined || input.name !== INPUT) {
    const received = request.inputs.map(({ name }) => name).join(', ') || 'none'
    throw wrong(mismatch('inputs', `one tensor ${INPUT}`, received))
  }
  if (input.datatype !== 'FP32') throw wrong(mismatch(`${INPUT}, datatype`, 'FP32', input.datatype))
  const [count = 0, ...rest] = input.shape
  const planar = tensorShape(imageShape)
  if (!sameShape(rest, planar) || count < 1 || count > MOST_IMAGES) {
    const expected = `n x ${formatShape(planar)} with n from 1 to ${MOST_IMAGES}`
    throw wrong(mismatch(`${INPUT}, shape`, expected, formatShape(input.shape)))
  }
  const size = count * sizeOf(planar)
  const values = valuesOf(input, tensors, size)
  return { id: request.id, images: pixelsOf(values), count, outputs: outputsOf(request) }
}

/** Who divides bytes by multiplying with 0.00392157 comes to this much above 1, and a little more. */
const ROUNDING = 1e-5

/** From [0, 1] to bytes' scale, in place: what lies elsewhere is in other units, and its answer would mean nothing. */
function pixelsOf(values: Float32Array): Float32Array {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (!(value >= -ROUNDING && value <= 1 + ROUNDING)) throw wrong(outOfRange(i, value))
    values[i] = value * 255
  }
  return values
}

function outOfRange(index: number, value: number): string {
  const hint = Number.isFinite(value)
    ? 'Divide bytes of 0 to 255 by 255, and subtract no mean: the model does that itself'
    : undefined
  return mismatch(`${INPUT}, value ${index}`, 'a number from 0 to 1', String(value), hint)
}

/** Of one image, channels first; one channel lies alike in both orders. */
export function tensorShape(imageShape: Shape): Shape {
  const [height, width, channels] = imageShape
  return imageShape.length === 3 ? [channels as number, height as number, width as number] : imageShape
}

function valuesOf(input: InferRequest['inputs'][number], tensors: Buffer, size: number): Float32Array {
  const { data, parameters } = input
  const told = parameters?.binary_data_size
  if (told === undefined) {
    if (tensors.length > 0) throw wrong(mismatch('Body', 'nothing after the JSON', `${tensors.length} bytes`))
    if (data === undefined) throw wrong(mismatch(INPUT, 'data, or a binary_data_size', 'neither'))
    return numbersOf(data, size)
  }
  if (data !== undefined) throw wrong(mismatch(INPUT, 'data or a binary_data_size', 'both'))
  const bytes = size * Float32Array.BYTES_PER_ELEMENT
  if (told !== bytes || tensors.length !== bytes) {
    const received = `a binary_data_size of ${told} and ${tensors.length} bytes`
    throw wrong(mismatch(INPUT, `${bytes} bytes after the JSON`, received))
  }
  const values = new Float32Array(size)
  for (let i = 0; i < size; i++) values[i] = tensors.readFloatLE(4 * i)
  return values
}

/** Flat or nested: the order is the same. */
function numbersOf(data: readonly unknown[], size: number): Float32Array {
  const values = new Float32Array(size)
  let at = 0
  const take = (items: readonly unknown[], depth: number): void => {
    for (const item of items) {
      if (typeof item === 'number' && at < size) values[at++] = item
      else if (Array.isArray(item) && depth < 8) take(item, depth + 1)
      else throw wrong(mismatch(`${INPUT}, data`, `${size} numbers`, 'more, or something else'))
    }
  }
  take(data, 0)
  if (at < size) throw wrong(mismatch(`${INPUT}, data`, `${size} numbers`, String(at)))
  return values
}

/** All where none are named. */
function outputsOf({ outputs, parameters }: InferRequest): readonly WantedOutput[] {
  const binaryByDefault = parameters?.binary_data_output === true
  const wanted =
    outputs === undefined || outputs.length === 0 ? outputNames.map((name) => ({ name })) : outputs
  return wanted.map((output) => {
    const name = outputNames.find((known) => known === output.name)
    if (name === undefined) throw wrong(mismatch('outputs', outputNames.join(' or '), output.name))
    const asked = 'parameters' in output ? output.parameters?.binary_data : undefined
    return { name, binary: asked ?? binaryByDefault }
  })
}

const wrong = (message: string): HttpError => new HttpError(400, message)
