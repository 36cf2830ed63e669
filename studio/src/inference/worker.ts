/** Runs ONNX models beside the page, so that it stays lively: by WebGPU where that works, else by WebAssembly. */
import type { InferenceSession, TypedTensor } from 'onnxruntime-web'
import { requestBytes } from '../api/client.js'
import { StudioError } from '../text/studio-error.js'
import type { Answered, Asked, Device, ModelFile, Outputs, Tensor } from './protocol.js'
import { Sessions } from './sessions.js'

type Runtime = typeof import('onnxruntime-web')

const SIDE = 28
/** More than a page asks at once, but for runs of one's own. */
const MOST_SESSIONS = 6

interface Setting {
  readonly ort: Runtime
  readonly device: Device
}

let setting: Promise<Setting> | undefined
let sessions = new Sessions<InferenceSession>(MOST_SESSIONS)

self.addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  void answer(data).then((answered) => self.postMessage(answered))
})

async function answer(asked: Asked): Promise<Answered> {
  try {
    return { state: 'done', ...(await run(asked)) }
  } catch (error) {
    if (error instanceof StudioError) return { state: 'refused', problem: error.problem }
    return { state: 'broken', reason: error instanceof Error ? error.message : String(error) }
  }
}

async function run(asked: Asked): Promise<Outputs> {
  setting ??= loadRuntime()
  const first = await setting
  try {
    return await runBy(first, asked)
  } catch (error) {
    // There may be an adapter and no device, or a device that is lost: WebAssembly takes over, for good.
    if (first.device === 'WebAssembly' || error instanceof StudioError) throw error
    sessions = new Sessions(MOST_SESSIONS)
    setting = loadWasm()
    return runBy(await setting, asked)
  }
}

async function runBy({ ort, device }: Setting, { images, count, ...file }: Asked): Promise<Outputs> {
  const session = await sessions.get(file, () => open(file, ort, device))
  const start = performance.now()
  const pixels = Float32Array.from(images, (byte) => byte / 255)
  const input = new ort.Tensor('float32', pixels, [count, 1, SIDE, SIDE])
  const results = await session.run({ [session.inputNames[0] as string]: input })
  const outputs = new Map(Object.entries(results).map(([name, value]) => [name, copied(value)]))
  return { outputs, device, milliseconds: performance.now() - start }
}

const copied = (value: unknown): Tensor => {
  const { dims, data } = value as TypedTensor<'float32'>
  return { dims: [...dims], data: Float32Array.from(data as Float32Array) }
}

async function open({ url }: ModelFile, ort: Runtime, device: Device): Promise<InferenceSession> {
  return ort.InferenceSession.create(new Uint8Array(await requestBytes(url)), {
    executionProviders: [device === 'WebGPU' ? 'webgpu' : 'wasm'],
  })
}

async function loadRuntime(): Promise<Setting> {
  if (!(await hasWebGpu())) return loadWasm()
  const { load } = await import('./webgpu.js')
  return { ort: await load(), device: 'WebGPU' }
}

async function loadWasm(): Promise<Setting> {
  const { load } = await import('./wasm.js')
  return { ort: await load(), device: 'WebAssembly' }
}

async function hasWebGpu(): Promise<boolean> {
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<unknown> } }
  try {
    return ((await gpu?.requestAdapter()) ?? null) !== null
  } catch {
    return false
  }
}
