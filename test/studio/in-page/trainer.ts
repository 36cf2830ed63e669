/** A worker that trains what it is told by the loop and the wasm engine, and answers with the weights. */
import { fillAtOnce } from '../../../src/data/immediate-batches.js'
import type { Features } from '../../../src/engine/wasm/binary.js'
import { openWasmEngine } from '../../../src/engine/wasm/engine.js'
import { parseRecord } from '../../../src/runs/formats/record.js'
import { train } from '../../../src/train/loop.js'
import type { TrainingImages } from '../../../src/train/subsets.js'
import { wasmHost } from '../../../studio/src/training/wasm-host.js'
import { memoryStore } from '../../support/memory-store.js'

export interface TrainerStart {
  /** The text of run.json. */
  readonly record: string
  readonly dataset: TrainingImages
  readonly threads: number
  readonly features: Features
}

addEventListener('message', ({ data }: MessageEvent<TrainerStart>) => {
  trained(data).then(postMessage, (error: unknown) => postMessage({ error: String(error) }))
})

async function trained({ record, dataset, threads, features }: TrainerStart) {
  const engine = await openWasmEngine(wasmHost, { threads, features })
  const { store, kept } = memoryStore(parseRecord('run.json', record))
  const openTeacher = () => Promise.reject(new Error('there is no teacher here'))
  const { history } = await train({
    ...{ store, dataset, engine },
    host: { startBatchThread: fillAtOnce, openTeacher },
  })
  return { description: engine.description, history, weights: kept.weights.get('model') }
}
