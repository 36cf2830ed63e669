/** Asks the inference worker, which is started when it is first wanted. */
import type { Answered, Asked, Outputs } from './protocol.js'

interface Waiting {
  resolve(outputs: Outputs): void
  reject(error: Error): void
}

let worker: Worker | undefined
let asked = 0
const waiting = new Map<number, Waiting>()

/** The outputs of an ONNX model for images [count, 28, 28] of bytes, by their names. */
export function runModel(model: string, images: Uint8Array, count: number): Promise<Outputs> {
  worker ??= start()
  const question: Asked = { id: ++asked, model, images, count }
  const { promise, resolve, reject } = promised()
  waiting.set(question.id, { resolve, reject })
  worker.postMessage(question)
  return promise
}

/** Logits [count, classes]. */
export async function logitsOf(model: string, images: Uint8Array, count: number): Promise<Outputs & Logits> {
  const answer = await runModel(model, images, count)
  const logits = answer.outputs.get('logits')
  if (logits === undefined) throw new Error(`${model} has no output "logits".`)
  return { ...answer, logits: logits.data }
}

interface Logits {
  readonly logits: Float32Array
}

function start(): Worker {
  const started = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  started.addEventListener('message', ({ data }: MessageEvent<Answered>) => {
    const asker = waiting.get(data.id)
    waiting.delete(data.id)
    if (data.error === null) asker?.resolve(data)
    else asker?.reject(new Error(data.error))
  })
  started.addEventListener('error', (event) => {
    for (const { reject } of waiting.values()) {
      reject(new Error(event.message || 'The browser could not start its inference worker.'))
    }
    waiting.clear()
  })
  return started
}

function promised(): Waiting & { promise: Promise<Outputs> } {
  let settle: Waiting | undefined
  const promise = new Promise<Outputs>((resolve, reject) => {
    settle = { resolve, reject }
  })
  return { promise, ...(settle as Waiting) }
}
