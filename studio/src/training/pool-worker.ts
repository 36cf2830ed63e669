/** A thread of the wasm engine's pool in a page. */
import { type WorkerStart, work } from '../../../src/engine/wasm/work.js'

addEventListener('message', ({ data }: MessageEvent<WorkerStart>) => work(data, postMessage), { once: true })
