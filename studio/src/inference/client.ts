/** Asks the inference worker, which is started when it is first wanted. */

import { Serial } from '../../../src/core/serial.js'
import type { Model } from '../../../src/server/schemas/models.js'
import { type Problem, StudioError } from '../text/studio-error.js'
import { batchesOf, joined } from './batches.js'
import type { Answered, Asked, ModelFile, Outputs } from './protocol.js'

let worker: Worker | undefined
/** The worker is asked one thing at a time, so that what is no longer wanted never gets there. */
const line = new Serial()

/** The outputs of an ONNX file for images [count, 28, 28] of bytes, by their names. */
export function runModel(
  file: ModelFile,
  images: Uint8Array,
  count: number,
  signal?: AbortSignal,
): Promise<Outputs> {
  return line.run(async () => {
    const parts: Outputs[] = []
    for (const batch of batchesOf(images, count)) {
      signal?.throwIfAborted()
      parts.push(await ask({ ...file, ...batch }))
    }
    return joined(parts)
  }, signal)
}

/** Logits [count, classes]. */
export async function logitsOf(
  { id, onnx, version }: Model,
  images: Uint8Array,
  count: number,
  signal?: AbortSignal,
): Promise<Outputs & Logits> {
  const answer = await runModel({ url: onnx, version }, images, count, signal)
  const logits = answer.outputs.get('logits')
  if (logits === undefined) throw new StudioError('noLogits', id)
  return { ...answer, logits: logits.data }
}

interface Logits {
  readonly logits: Float32Array
}

function ask(asked: Asked): Promise<Outputs> {
  const asking = worker ?? new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  worker = asking
  return new Promise((resolve, reject) => {
    // Nothing more comes from a worker that has failed: the next question starts another.
    const end = (...problem: Problem): void => {
      asking.terminate()
      if (worker === asking) worker = undefined
      reject(new StudioError(...problem))
    }
    asking.onmessage = ({ data }: MessageEvent<Answered>) => {
      if (data.state === 'done') resolve(data)
      else if (data.state === 'refused') reject(new StudioError(...data.problem))
      else end('notRun', data.reason)
    }
    asking.onerror = ({ message }) => (message ? end('notRun', message) : end('noWorker'))
    asking.postMessage(asked, [asked.images.buffer])
  })
}
