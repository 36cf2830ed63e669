/** Files of logits, in the folders of runs, releases and records. */
import { existsSync } from 'node:fs'
import { readSafetensors, writeSafetensors } from '../checkpoint/safetensors.js'
import { type LabelledLogits, logitTensors, parseLogits } from './formats/logits.js'

/** Logits with what is told of them. */
export interface StoredLogits extends LabelledLogits {
  readonly metadata: Readonly<Record<string, string>>
}

/**
 * Null where there is no such file.
 *
 * @param crc32 - Of the file, where something beside it tells that.
 * @throws AtelierError for a file that holds something else.
 */
export async function readLogits(
  file: string,
  classes: number,
  crc32?: string,
): Promise<StoredLogits | null> {
  if (!existsSync(file)) return null
  const { tensors, metadata } = await readSafetensors(file, crc32)
  return { ...parseLogits(file, { tensors }, classes), metadata }
}

/** @param as - f16 rounds the logits. */
export async function writeLogits(
  file: string,
  logits: LabelledLogits,
  as: 'f32' | 'f16',
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeSafetensors(file, logitTensors(logits, as), metadata)
}
