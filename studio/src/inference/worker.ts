/** Runs ONNX models beside the page, so that it stays lively: by WebGPU where there is one, else by WebAssembly. */
import type { InferenceSession, TypedTensor } from 'onnxruntime-web'
import type { Answered, Asked, Device, Outputs, Tensor } from './protocol.js'

type Runtime = typeof import('onnxruntime-web')

const SIDE = 28
/** Images a run: activations of more would be large. */
const BATCH = 32

interface Setting {
  readonly ort: Runtime
  readonly device: Device
}

let setting: Promise<Setting> | undefined
const sessions = new Map<string, Promise<InferenceSession>>()
/** One run at a time. */
let last: Promise<unknown> = Promise.resolve()

self.addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  last = last.then(() => answer(data))
})

async function answer({ id, model, images, count }: Asked): Promise<void> {
  const reply = (answered: Answered): void => self.postMessage(answered)
  try {
    reply({ id, error: null, ...(await run(model, images, count)) })
  } catch (error) {
    reply({ id, error: error instanceof Error ? error.message : String(error) })
  }
}

async function run(model: string, images: Uint8Array, count: number): Promise<Outputs> {
  setting ??= loadRuntime()
  const { ort, device } = await setting
  const session = await open(model, ort, device)
  const parts: ReadonlyMap<string, Tensor>[] = []
  const start = performance.now()
  for (let first = 0; first < count; first += BATCH) {
    const size = Math.min(BATCH, count - first)
    const pixels = Float32Array.from(
      images.subarray(first * SIDE * SIDE, (first + size) * SIDE * SIDE),
      (byte) => byte / 255,
    )
    const input = new ort.Tensor('float32', pixels, [size, 1, SIDE, SIDE])
    const results = await session.run({ [session.inputNames[0] as string]: input })
    parts.push(new Map(Object.entries(results).map(([name, value]) => [name, copied(value)])))
  }
  return { outputs: joined(parts), device, milliseconds: performance.now() - start }
}

const copied = (value: unknown): Tensor => {
  const { dims, data } = value as TypedTensor<'float32'>
  return { dims: [...dims], data: Float32Array.from(data as Float32Array) }
}

/** Results of batches, one after another. */
function joined(parts: readonly ReadonlyMap<string, Tensor>[]): ReadonlyMap<string, Tensor> {
  const [first] = parts
  if (first === undefined || parts.length === 1) return first ?? new Map()
  const entries = Array.from(first, ([name, { dims }]) => {
    const pieces = parts.map((part) => part.get(name) as Tensor)
    const data = new Float32Array(pieces.reduce((sum, piece) => sum + piece.data.length, 0))
    let offset = 0
    for (const piece of pieces) {
      data.set(piece.data, offset)
      offset += piece.data.length
    }
    const count = pieces.reduce((sum, piece) => sum + (piece.dims[0] as number), 0)
    return [name, { dims: [count, ...dims.slice(1)], data }] as const
  })
  return new Map(entries)
}

/** Keeps the session; one that did not open is asked for again the next time. */
function open(model: string, ort: Runtime, device: Device): Promise<InferenceSession> {
  const known = sessions.get(model)
  if (known !== undefined) return known
  const opening = create(model, ort, device).catch((error: unknown) => {
    sessions.delete(model)
    throw error
  })
  sessions.set(model, opening)
  return opening
}

async function create(model: string, ort: Runtime, device: Device): Promise<InferenceSession> {
  const response = await fetch(model)
  if (!response.ok) {
    const body = (await response.json().catch(() => null)) as { error?: string } | null
    throw new Error(body?.error ?? `The server answered ${response.status} for ${model}.`)
  }
  return ort.InferenceSession.create(new Uint8Array(await response.arrayBuffer()), {
    executionProviders: [device === 'WebGPU' ? 'webgpu' : 'wasm'],
  })
}

async function loadRuntime(): Promise<Setting> {
  const device: Device = (await hasWebGpu()) ? 'WebGPU' : 'WebAssembly'
  const ort = device === 'WebGPU' ? await import('./webgpu.js') : await import('./wasm.js')
  return { ort: await ort.load(), device }
}

async function hasWebGpu(): Promise<boolean> {
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<unknown> } }
  try {
    return ((await gpu?.requestAdapter()) ?? null) !== null
  } catch {
    return false
  }
}
