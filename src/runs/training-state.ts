/** Checkpoints: weights, optimizer state and where the training stood, in one file. */
import { existsSync } from 'node:fs'
import { z } from 'zod'
import { readSafetensors, type StoredTensor, writeSafetensors } from '../checkpoint/safetensors.js'
import { AtelierError, mismatch } from '../core/errors.js'
import { formatShape, type Shape, sameShape } from '../core/shape.js'
import type { Values } from '../engine/engine.js'
import { pathIn, type RunFolder } from './run-folder.js'

const positionSchema = z.object({
  /** The epoch under way, from 0, and its steps that are done. */
  epoch: z.int().nonnegative(),
  step: z.int().nonnegative(),
  /** Sums over those steps. */
  loss: z.number(),
  correct: z.int().nonnegative(),
  images: z.int().nonnegative(),
  /** Seconds of training in this epoch and in all. */
  epochSeconds: z.number(),
  totalSeconds: z.number(),
  bestAccuracy: z.number().nullable(),
})
/** Where a training stands; with the seed it determines all that follows. */
export type Position = z.infer<typeof positionSchema>

export const startPosition: Position = {
  epoch: 0,
  step: 0,
  loss: 0,
  correct: 0,
  images: 0,
  epochSeconds: 0,
  totalSeconds: 0,
  bestAccuracy: null,
}

/** Values as a file of f32 tensors takes them. */
export function stored(
  values: ReadonlyMap<string, Values>,
  shapes: ReadonlyMap<string, Shape>,
): Map<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>()
  for (const [name, data] of values) {
    const shape = shapes.get(name) ?? [data.length]
    tensors.set(name, { shape, data: data instanceof Float32Array ? data : Float32Array.from(data) })
  }
  return tensors
}

export async function saveCheckpoint(
  run: RunFolder,
  values: ReadonlyMap<string, Values>,
  shapes: ReadonlyMap<string, Shape>,
  position: Position,
): Promise<void> {
  await writeSafetensors(pathIn(run, 'last'), stored(values, shapes), { position: JSON.stringify(position) })
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
  const position = positionSchema.safeParse(parsedJson(metadata.position))
  if (!position.success) {
    const hint = 'Take the file away to begin the run anew'
    throw new AtelierError(
      mismatch(`${file}, metadata`, 'a training position', String(metadata.position), hint),
    )
  }
  return { values: checkedTensors(file, tensors, shapes), position: position.data }
}

function parsedJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}

/** Weights of a file by name, in the shapes that a model wants. */
export function checkedTensors(
  file: string,
  tensors: Awaited<ReturnType<typeof readSafetensors>>['tensors'],
  shapes: ReadonlyMap<string, Shape>,
): Map<string, Values> {
  const values = new Map<string, Values>()
  for (const [name, shape] of shapes) {
    const tensor = tensors.get(name)
    if (!tensor) throw new AtelierError(mismatch(file, `a tensor ${name}`, 'none of that name'))
    if (!sameShape(tensor.shape, shape) || !(tensor.data instanceof Float32Array)) {
      const found = tensor.data instanceof Float32Array ? 'floating-point' : 'whole-number'
      const expected = `floating-point ${formatShape(shape)}`
      const received = `${found} ${formatShape(tensor.shape)}`
      throw new AtelierError(mismatch(`${file}, tensor ${name}`, expected, received))
    }
    values.set(name, tensor.data)
  }
  return values
}
