/** Checkpoints: all that a resumed run needs, in one file: weights, optimizer state, where the training stood, its epochs. */
import { existsSync } from 'node:fs'
import { readSafetensors, type SafetensorsFile, writeSafetensors } from '../checkpoint/safetensors.js'
import { AtelierError, mismatch, shown } from '../core/errors.js'
import type { Shape } from '../core/shape.js'
import type { Values } from '../engine/engine.js'
import { type EpochRow, formatHistory, parseHistory } from './formats/history.js'
import { type Position, parsePosition } from './formats/position.js'
import { identityOf } from './formats/record.js'
import { floatTensors, parseTensors, shapesOf } from './formats/weights.js'
import { readHistory } from './history.js'
import { pathIn, type RunFolder } from './run-folder.js'

export interface Checkpoint {
  readonly values: ReadonlyMap<string, Values>
  readonly position: Position
  /** The epochs that are done. */
  readonly history: readonly EpochRow[]
  /** The weights of the best of them, where the training may end with these. */
  readonly best: ReadonlyMap<string, Values> | null
}

const bestName = (weight: string): string => `best/${weight}`

export async function saveCheckpoint(
  run: RunFolder,
  { values, position, history, best }: Checkpoint,
  shapes: ReadonlyMap<string, Shape>,
): Promise<void> {
  const tensors = floatTensors(values, shapes)
  for (const [name, tensor] of floatTensors(best ?? new Map(), shapes)) tensors.set(bestName(name), tensor)
  await writeSafetensors(pathIn(run, 'last'), tensors, {
    run: identityOf(run.record),
    position: JSON.stringify(position),
    history: formatHistory(history),
  })
}

/**
 * The last checkpoint, or null where the run was stopped before its first.
 *
 * @throws AtelierError for one that is damaged, or another run's.
 */
export async function loadCheckpoint(
  run: RunFolder,
  shapes: ReadonlyMap<string, Shape>,
): Promise<Checkpoint | null> {
  const file = pathIn(run, 'last')
  if (!existsSync(file)) return null
  const { tensors, metadata } = await readSafetensors(file)
  const refuse = (expected: string, received: string): never => {
    const hint = 'Take the file away to begin the run anew'
    throw new AtelierError(mismatch(`${file}, metadata`, expected, received, hint))
  }
  const position = parsePosition(metadata.position) ?? refuse('a training position', shown(metadata.position))
  const own = identityOf(run.record)
  if ((metadata.run ?? own) !== own) refuse(`the checkpoint of ${own}`, `that of ${shown(metadata.run)}`)
  return {
    values: parseTensors(file, tensors, shapes),
    position,
    history: await historyAt(run, position, metadata.history),
    best: parseBest(file, tensors, run),
  }
}

function parseBest(file: string, tensors: SafetensorsFile['tensors'], run: RunFolder): Checkpoint['best'] {
  const shapes = [...shapesOf(run.graph)]
  if (shapes.every(([name]) => !tensors.has(bestName(name)))) return null
  const found = parseTensors(file, tensors, new Map(shapes.map(([name, shape]) => [bestName(name), shape])))
  return new Map(shapes.map(([name]) => [name, found.get(bestName(name)) as Values]))
}

/** Older checkpoints leave the epochs to history.csv, which may tell of later ones, too: these will be done again. */
async function historyAt(run: RunFolder, { epoch }: Position, kept: string | undefined): Promise<EpochRow[]> {
  if (kept !== undefined) return parseHistory(`${pathIn(run, 'last')}, history`, kept)
  return (await readHistory(run)).filter((row) => row.epoch <= epoch)
}
