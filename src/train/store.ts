/** Where a training keeps what it has reached: a run's folder, or whatever else a host has. */
import type { Shape } from '../core/shape.js'
import type { Values } from '../engine/engine.js'
import type { Checkpoint } from '../runs/formats/checkpoint.js'
import type { EpochRow } from '../runs/formats/history.js'
import type { RecordedRun } from '../runs/formats/record.js'

/** A run that this training has for itself until it closes the store. */
export interface TrainingStore {
  readonly run: RecordedRun
  /** @throws AtelierError where another training has taken the run, as it may once this one has stood still for long. */
  check(): Promise<void>
  /**
   * The last checkpoint, or null where there has been none.
   *
   * @param shapes - Of all that it holds.
   * @throws AtelierError for one that is damaged, or another run's.
   */
  loadCheckpoint(shapes: ReadonlyMap<string, Shape>): Promise<Checkpoint | null>
  saveCheckpoint(checkpoint: Checkpoint, shapes: ReadonlyMap<string, Shape>): Promise<void>
  /** What people are told of the last checkpoint where the training cannot go on: a sentence. */
  readonly checkpointNote: string
  /** How people go on with a training that was stopped: a sentence. */
  readonly resumeNote: string
  writeHistory(rows: readonly EpochRow[]): Promise<void>
  writeWeights(which: 'model' | 'best', values: ReadonlyMap<string, Values>): Promise<void>
  /** Who also hears how the training goes, from that step on; null for nobody. */
  openEvents(step: number): Promise<TrainingEvents | null>
  close(): Promise<void>
}

/** `step` counts the steps of the whole training that are done. */
export interface TrainingEvents {
  /** Means over a chunk of steps. */
  chunk(step: number, means: { readonly loss: number; readonly accuracy: number }): Promise<void>
  epoch(step: number, row: EpochRow): Promise<void>
  close(): Promise<void>
}
