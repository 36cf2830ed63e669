/**
 * onnxruntime as a contestant: inference of models that PyTorch exported, by its CPU provider or, as
 * `jiti onnxruntime.ts web`, in WebAssembly.
 */
import { join } from 'node:path'
import { readPixels } from '../contestants/material.js'
import { repeat, serve, type TryRequest, takeTurn, type VariantsRequest } from '../contestants/protocol.js'
import type { Assignment, Mode, Prepared, Task, Turn } from '../lib/types.js'

const web = process.argv[2] === 'web'
const ort = web ? await import('onnxruntime-web') : await import('onnxruntime-node')

interface SessionMode extends Mode {
  readonly threads: number
  readonly batch: number
}

async function open({ folder, model, pixels, task }: Assignment, { threads, batch }: SessionMode) {
  if (web) ort.env.wasm.numThreads = threads
  const session = await ort.InferenceSession.create(join(folder, `${model}.onnx`), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
  })
  const count = task === 'one' ? 1 : 1000
  const images = readPixels(folder, count, pixels)
  let first = 0
  const classify = async (): Promise<Float32Array> => {
    const part = images.subarray(first * 784, (first + batch) * 784)
    const { logits } = await session.run({ images: new ort.Tensor('float32', part, [batch, 1, 28, 28]) })
    first = (first + batch) % count
    return logits?.data as Float32Array
  }
  const logits = Array.from((await classify()).subarray(0, 10))
  const work = async () => {
    await classify()
    return batch
  }
  return { work, logits, close: () => session.release() }
}

const modeOf = (threads: number, batch: number): SessionMode => ({
  name: [
    `f32, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    ...(batch > 1 ? [`batches of ${batch}`] : []),
  ].join(', '),
  precision: 'f32',
  ...{ threads, batch },
})

const { versions } = ort.env
const version = web ? `onnxruntime-web ${versions.web}` : `onnxruntime-node ${versions.node}`
const works: Partial<Record<Task, () => Promise<number>>> = {}

await serve({
  /** Numbers of threads, then of images a batch. */
  variants({ stage, best, task, threads }: VariantsRequest): { modes: Mode[] } {
    const counts = web ? [threads] : [...new Set([threads, 1])]
    if (stage === 0) return { modes: counts.map((count) => modeOf(count, task === 'one' ? 1 : 250)) }
    if (stage > 1 || task === 'one') return { modes: [] }
    return { modes: [1000, 50].map((batch) => modeOf((best as SessionMode).threads, batch)) }
  },
  async try(request: TryRequest): Promise<{ rate: number }> {
    const session = await open(request, request.mode as SessionMode)
    const { images, seconds } = await repeat(request.seconds, session.work)
    await session.close()
    return { rate: images / seconds }
  },
  async prepare(request: Assignment): Promise<Prepared> {
    const { work, logits } = await open(request, request.mode as SessionMode)
    works[request.task] = work
    return { version, logits }
  },
  run({ task, seconds }: { task: Task; seconds: number }): Promise<Turn> {
    const work = works[task]
    if (!work) throw new Error(`${task} has not been prepared`)
    return takeTurn(seconds, work)
  },
})
