/** The page of the worker: `trainHere` for the test that opened it. */
import type { TrainerStart } from './trainer.js'

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))

/** SHA-256, in hexadecimal digits. */
async function digestOf(values: Float32Array<ArrayBuffer>): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', values))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Images and labels come as base64, weights go as their digests. */
async function trainHere(request: string): Promise<unknown> {
  const { images, labels, count, extents, ...rest } = JSON.parse(request)
  const train = { images: bytesOf(images), labels: bytesOf(labels), count }
  const start: TrainerStart = { ...rest, dataset: { train, ...extents } }
  const worker = new Worker(new URL('./trainer.ts', import.meta.url), { type: 'module' })
  const answer = await new Promise<Record<string, unknown>>((resolve, reject) => {
    worker.addEventListener('message', ({ data }) => resolve(data))
    worker.addEventListener('error', ({ message }) => reject(new Error(message)))
    worker.postMessage(start)
  })
  worker.terminate()
  if (!(answer.weights instanceof Map)) return answer
  const weights = [...answer.weights].map(async ([name, values]) => [name, await digestOf(values)])
  return { ...answer, weights: await Promise.all(weights) }
}

Object.assign(globalThis, { trainHere })
