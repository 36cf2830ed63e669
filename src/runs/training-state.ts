/** Checkpoints: weights, optimizer state and where the training stood, in one file. */
import { existsSync } from 'node:fs'
import { readSafetensors, writeSafetensors } from '../checkpoint/safetensors.js'
import { AtelierError, mismatch, shown } from '../core/errors.js'
import type { Shape } from '../core/shape.js'
import type { Values } from '../engine/engine.js'
import { type Position, parsePosition } from './formats/position.js'
import { floatTensors, parseTensors } from './formats/weights.js'
import { pathIn, type RunFolder } from './run-folder.js'

export async function saveCheckpoint(
  run: RunFolder,
  values: ReadonlyMap<string, Values>,
  shapes: ReadonlyMap<string, Shape>,
  position: Position,
): Promise<void> {
  await writeSafetensors(pathIn(run, 'last'), floatTensors(values, shapes), {
    position: JSON.stringify(position),
  })
}

export interface Checkpoint {
  readonly values: Map<string, Values>
  readonly position: Position
}

/** The last checkpoint, or null where the run was stopped before its first. */
export async function loadCheckpoint(
  run: RunFolder,
  shapes: ReadonlyMap<string, Shape>,
): Promise<Checkpoint | null> {
  const file = pathIn(run, 'last')
  if (!existsSync(file)) return null
  const { tensors, metadata } = await readSafetensors(file)
  const position = parsePosition(metadata.position)
  if (position === null) {
    const hint = 'Take the file away to begin the run anew'
    throw new AtelierError(
      mismatch(`${file}, metadata`, 'a training position', shown(metadata.position), hint),
    )
  }
  return { values: parseTensors(file, tensors, shapes), position }
}
