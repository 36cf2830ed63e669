/** The checkpoint in a run's folder. */
import { existsSync } from 'node:fs'
import { readSafetensors, writeSafetensors } from '../checkpoint/safetensors.js'
import type { Shape } from '../core/shape.js'
import { type Checkpoint, checkpointFile, parseCheckpoint } from './formats/checkpoint.js'
import { readHistory } from './history.js'
import { pathIn, type RunFolder } from './run-folder.js'

export async function saveCheckpoint(
  run: RunFolder,
  checkpoint: Checkpoint,
  shapes: ReadonlyMap<string, Shape>,
): Promise<void> {
  const { tensors, metadata } = checkpointFile(run, checkpoint, shapes)
  await writeSafetensors(pathIn(run, 'last'), tensors, metadata)
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
  const { history, ...parsed } = parseCheckpoint(file, await readSafetensors(file), run, shapes)
  return { ...parsed, history: history ?? (await historyUntil(run, parsed.position.epoch)) }
}

/** Older checkpoints leave the epochs to history.csv, which may tell of later ones, too: these will be done again. */
const historyUntil = async (run: RunFolder, epoch: number) =>
  (await readHistory(run)).filter((row) => row.epoch <= epoch)
