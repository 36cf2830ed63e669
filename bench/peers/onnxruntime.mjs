// onnxruntime as a contestant: inference by its CPU provider, of models that PyTorch exported.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import * as ort from 'onnxruntime-node'
import { readPixels } from './material.mjs'
import { repeat, serve, warmUpOf } from './protocol.mjs'

async function open({ folder, model, pixels, threads, task, mode: { batch } }) {
  const session = await ort.InferenceSession.create(join(folder, `${model}.onnx`), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
  })
  const count = task === 'one' ? 1 : 1000
  const images = readPixels(folder, count, pixels)
  let logits
  let first = 0
  const classify = async () => {
    const part = images.subarray(first * 784, (first + batch) * 784)
    const result = await session.run({ images: new ort.Tensor('float32', part, [batch, 1, 28, 28]) })
    logits ??= result.logits.data
    first = (first + batch) % count
    return batch
  }
  await classify()
  return { classify, logits: Array.from(logits.subarray(0, 10)), close: () => session.release() }
}

const batchesFor = (task) => (task === 'one' ? [1] : [1000, 250, 50])
const packageFile = createRequire(import.meta.url).resolve('onnxruntime-node/package.json')
const works = {}

await serve({
  async calibrate(request) {
    const modes = []
    for (const batch of batchesFor(request.task)) {
      const mode = { name: batch > 1 ? `f32, batches of ${batch}` : 'f32', precision: 'f32', batch }
      const session = await open({ ...request, mode })
      const { images, seconds } = await repeat(request.seconds, session.classify)
      await session.close()
      modes.push({ ...mode, rate: images / seconds })
    }
    return { modes }
  },
  async prepare(request) {
    const session = await open(request)
    works[request.task] = session.classify
    const { version } = JSON.parse(readFileSync(packageFile, 'utf8'))
    return { version: `onnxruntime-node ${version}`, logits: session.logits }
  },
  async run({ task, seconds }) {
    await repeat(warmUpOf(seconds), works[task])
    return repeat(seconds, works[task])
  },
})
