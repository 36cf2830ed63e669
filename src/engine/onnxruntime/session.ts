/** An ONNX model from `pixel_values` to `logits`, as Atelier writes them, run on images in the logical view. */
import type { InferenceSession } from 'onnxruntime-node'
import { AtelierError, messageOf, mismatch } from '../../core/errors.js'
import { type Shape, sizeOf } from '../../core/shape.js'
import { imageShape } from '../../graph/spatial.js'
import { onnxInput, onnxOutput } from '../../onnx/model.js'
import { loadOnnxRuntime, type OnnxRuntime } from './runtime.js'

export interface OnnxSessionOptions {
  readonly threads: number
  /** Height, width and channels of an image. */
  readonly image: Shape
  readonly classes: number
  /** At most so many images at a time. */
  readonly batch: number
}

export class OnnxSession {
  private constructor(
    private readonly runtime: OnnxRuntime,
    private readonly session: InferenceSession,
    private readonly options: OnnxSessionOptions,
  ) {}

  /** @throws AtelierError where onnxruntime cannot be loaded or refuses the model. */
  static async open(model: Uint8Array, options: OnnxSessionOptions): Promise<OnnxSession> {
    const state = await loadOnnxRuntime()
    if (state.runtime === null) throw new AtelierError(`onnxruntime cannot be loaded: ${state.reason}`)
    try {
      const session = await state.runtime.InferenceSession.create(model, {
        intraOpNumThreads: options.threads,
        // Errors alone: its warnings tell of nodes that it has optimized away.
        logSeverityLevel: 3,
      })
      return new OnnxSession(state.runtime, session, options)
    } catch (error) {
      throw new AtelierError(mismatch('onnxruntime', 'a model that it can load', messageOf(error)))
    }
  }

  /** [count, classes] logits of `count` images, pixels 0 ... 255, one image after another. */
  async logits(images: Uint8Array | Float32Array, count: number): Promise<Float32Array> {
    const { image, classes, batch } = this.options
    const size = sizeOf(image)
    const logits = new Float32Array(count * classes)
    for (let start = 0; start < count; start += batch) {
      const end = Math.min(start + batch, count)
      const results = await this.session.run({
        [onnxInput]: this.pixelValues(images.subarray(start * size, end * size), end - start),
      })
      logits.set(results[onnxOutput]?.data as Float32Array, start * classes)
    }
    return logits
  }

  async dispose(): Promise<void> {
    await this.session.release()
  }

  /** In [0, 1], channels first. */
  private pixelValues(images: Uint8Array | Float32Array, count: number) {
    const [height, width, channels] = imageShape(this.options.image)
    const area = height * width
    const values = new Float32Array(images.length)
    for (let image = 0; image < images.length; image += area * channels) {
      for (let channel = 0; channel < channels; channel++) {
        for (let pixel = 0; pixel < area; pixel++) {
          values[image + channel * area + pixel] =
            (images[image + pixel * channels + channel] as number) / 255
        }
      }
    }
    return new this.runtime.Tensor('float32', values, [count, channels, height, width])
  }
}
