/** onnxruntime (https://onnxruntime.ai), which judges exported files; it is loaded only where it is needed. */
import { AtelierError, messageOf, mismatch } from '../core/errors.js'
import { type Shape, sizeOf } from '../core/shape.js'
import { imageShape } from '../graph/spatial.js'
import { onnxInput, onnxOutput } from '../onnx/model.js'

type OnnxRuntime = typeof import('onnxruntime-node')

type RuntimeState =
  | { readonly runtime: OnnxRuntime; readonly version: string }
  /** One line why it cannot be loaded. */
  | { readonly runtime: null; readonly reason: string }

let state: Promise<RuntimeState> | undefined

/** The library, or why it is not to be had here: not installed, or without a binary for this platform. */
export function loadOnnxRuntime(): Promise<RuntimeState> {
  state ??= import('onnxruntime-node').then(
    (runtime) => ({ runtime, version: runtime.env.versions.node ?? 'of unknown version' }),
    (error: unknown) => ({ runtime: null, reason: reasonOf(error) }),
  )
  return state
}

/** What `atelier doctor` tells: whether exports can be checked here. */
export interface OnnxRuntimeDescription {
  readonly available: boolean
  readonly version?: string
  /** Why it cannot be loaded. */
  readonly reason?: string
}

export async function describeOnnxRuntime(): Promise<OnnxRuntimeDescription> {
  const { runtime, ...state } = await loadOnnxRuntime()
  return { available: runtime !== null, ...state }
}

/** It is a package that whoever wants it installs; its script would only download what GPUs need. */
const reasonOf = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND'
    ? 'the package onnxruntime-node is not installed (npm install onnxruntime-node --ignore-scripts)'
    : (messageOf(error).split('\n')[0] as string)

/** Images at a time: more are no faster. */
const BATCH = 125

export interface OnnxRequest {
  readonly threads: number
  /** Height, width and channels of an image. */
  readonly image: Shape
  readonly classes: number
}

/**
 * [count, classes] logits by an ONNX model from `pixel_values` to `logits`, as Atelier writes them, of `count` images:
 * pixels 0 ... 255 in the logical view, one image after another.
 *
 * @throws AtelierError where onnxruntime cannot be loaded or refuses the model.
 */
export async function onnxLogits(
  model: Uint8Array,
  { threads, image, classes }: OnnxRequest,
  images: Uint8Array,
  count: number,
): Promise<Float32Array> {
  const state = await loadOnnxRuntime()
  if (state.runtime === null) throw new AtelierError(`onnxruntime cannot be loaded: ${state.reason}`)
  const { Tensor } = state.runtime
  const [height, width, channels] = imageShape(image)
  const size = sizeOf(image)
  const logits = new Float32Array(count * classes)
  const session = await sessionOf(state.runtime, model, threads)
  try {
    for (let start = 0; start < count; start += BATCH) {
      const end = Math.min(start + BATCH, count)
      const pixels = channelsFirst(images.subarray(start * size, end * size), height * width, channels)
      const values = new Tensor('float32', pixels, [end - start, channels, height, width])
      const results = await session.run({ [onnxInput]: values })
      logits.set(results[onnxOutput]?.data as Float32Array, start * classes)
    }
  } finally {
    await session.release()
  }
  return logits
}

async function sessionOf({ InferenceSession }: OnnxRuntime, model: Uint8Array, threads: number) {
  try {
    // Errors alone are logged: the warnings tell of nodes that it has optimized away.
    return await InferenceSession.create(model, { intraOpNumThreads: threads, logSeverityLevel: 3 })
  } catch (error) {
    throw new AtelierError(mismatch('onnxruntime', 'a model that it can load', messageOf(error)))
  }
}

/** Pixels in [0, 1], channel by channel, of images of `area` pixels each. */
function channelsFirst(images: Uint8Array, area: number, channels: number): Float32Array {
  const values = new Float32Array(images.length)
  for (let image = 0; image < images.length; image += area * channels) {
    for (let channel = 0; channel < channels; channel++) {
      for (let pixel = 0; pixel < area; pixel++) {
        values[image + channel * area + pixel] = (images[image + pixel * channels + channel] as number) / 255
      }
    }
  }
  return values
}
