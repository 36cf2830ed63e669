/** A training's store in memory, as any host might have one. */
import type { Values } from '../../src/engine/engine.js'
import type { Checkpoint } from '../../src/runs/formats/checkpoint.js'
import type { RecordedRun } from '../../src/runs/formats/record.js'
import type { TrainingStore } from '../../src/train/store.js'

export interface Kept {
  checkpoint: Checkpoint | null
  readonly weights: Map<string, ReadonlyMap<string, Values>>
  /** What else it was told, in its order. */
  readonly calls: string[]
}

export function memoryStore(run: RecordedRun): { readonly store: TrainingStore; readonly kept: Kept } {
  const kept: Kept = { checkpoint: null, weights: new Map(), calls: [] }
  const { weights, calls } = kept
  const store: TrainingStore = {
    run,
    check: async () => {},
    loadCheckpoint: async () => kept.checkpoint,
    saveCheckpoint: async (checkpoint) => {
      kept.checkpoint = structuredClone(checkpoint)
    },
    checkpointNote: 'It is in memory.',
    resumeNote: 'Call it again.',
    writeHistory: async (rows) => void calls.push(`history ${rows.length}`),
    writeWeights: async (which, values) => void weights.set(which, structuredClone(values)),
    openEvents: async (step) => ({
      chunk: async () => {},
      epoch: async (done) => void calls.push(`epoch at ${done} from ${step}`),
      close: async () => void calls.push('closed'),
    }),
    close: async () => {},
  }
  return { store, kept }
}
