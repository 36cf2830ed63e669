/** A checkpoint: all that a resumed run needs, in one file: weights, optimizer state, where the training stood, its epochs. */
import type { SafetensorsFile, StoredTensor } from '../../checkpoint/safetensors.js'
import { AtelierError, mismatch, shown } from '../../core/errors.js'
import type { Shape } from '../../core/shape.js'
import type { Values } from '../../engine/engine.js'
import { type EpochRow, formatHistory, parseHistory } from './history.js'
import { type Position, parsePosition } from './position.js'
import { identityOf, type RecordedRun } from './record.js'
import { floatTensors, parseTensors, shapesOf } from './weights.js'

export interface Checkpoint {
  readonly values: ReadonlyMap<string, Values>
  readonly position: Position
  /** The epochs that are done. */
  readonly history: readonly EpochRow[]
  /** The weights of the best of them, where the training may end with these. */
  readonly best: ReadonlyMap<string, Values> | null
}

const bestName = (weight: string): string => `best/${weight}`

/** The checkpoint as a file: its tensors and its metadata. */
export function checkpointFile(
  { record }: Pick<RecordedRun, 'record'>,
  { values, position, history, best }: Checkpoint,
  shapes: ReadonlyMap<string, Shape>,
): { tensors: Map<string, StoredTensor>; metadata: Record<string, string> } {
  const tensors = floatTensors(values, shapes)
  for (const [name, tensor] of floatTensors(best ?? new Map(), shapes)) tensors.set(bestName(name), tensor)
  const metadata = {
    run: identityOf(record),
    position: JSON.stringify(position),
    history: formatHistory(history),
  }
  return { tensors, metadata }
}

/** Of a checkpoint without a history, which older versions wrote, that is null. */
export type ParsedCheckpoint = Omit<Checkpoint, 'history'> & { readonly history: EpochRow[] | null }

/**
 * What a checkpoint's file holds.
 *
 * @param file - Its name, for errors.
 * @throws AtelierError for one that is damaged, or another run's.
 */
export function parseCheckpoint(
  file: string,
  { tensors, metadata }: SafetensorsFile,
  { record, graph }: RecordedRun,
  shapes: ReadonlyMap<string, Shape>,
): ParsedCheckpoint {
  const refuse = (expected: string, received: string): never => {
    const hint = 'Take the file away to begin the run anew'
    throw new AtelierError(mismatch(`${file}, metadata`, expected, received, hint))
  }
  const position = parsePosition(metadata.position) ?? refuse('a training position', shown(metadata.position))
  const own = identityOf(record)
  if ((metadata.run ?? own) !== own) refuse(`the checkpoint of ${own}`, `that of ${shown(metadata.run)}`)
  const { history } = metadata
  return {
    values: parseTensors(file, tensors, shapes),
    position,
    history: history === undefined ? null : parseHistory(`${file}, history`, history),
    best: parseBest(file, tensors, shapesOf(graph)),
  }
}

function parseBest(
  file: string,
  tensors: SafetensorsFile['tensors'],
  weights: ReadonlyMap<string, Shape>,
): Checkpoint['best'] {
  const shapes = [...weights]
  if (shapes.every(([name]) => !tensors.has(bestName(name)))) return null
  const found = parseTensors(file, tensors, new Map(shapes.map(([name, shape]) => [bestName(name), shape])))
  return new Map(shapes.map(([name]) => [name, found.get(bestName(name)) as Values]))
}
