/**
 * A run is one self-contained folder:
 *   run.json            what was asked for and on what machine: enough to do it again
 *   history.csv         a line an epoch
 *   last.safetensors    all that a resumed run needs
 *   best.safetensors    weights of the best epoch, where images were held out
 *   model.safetensors   the trained weights; there when the run is finished
 *   metrics.json        how good they are
 *   tensorboard/        event files, where they were asked for
 */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AtelierError, messageOf, mismatch } from '../core/errors.js'
import {
  createFileAtomically,
  createNewFolder,
  isUnfinished,
  readText,
  writeFileAtomically,
} from '../core/files.js'
import type { Graph } from '../graph/graph.js'
import { parseRecord, type RunRecord } from './formats/record.js'

export interface RunFolder {
  readonly directory: string
  readonly record: RunRecord
  readonly graph: Graph
}

export const runFiles = {
  record: 'run.json',
  history: 'history.csv',
  last: 'last.safetensors',
  best: 'best.safetensors',
  model: 'model.safetensors',
  metrics: 'metrics.json',
  /** Which process trains. */
  lock: 'lock',
} as const

export const pathIn = (run: RunFolder, file: keyof typeof runFiles): string =>
  join(run.directory, runFiles[file])

/** The logits kept of a split. */
export const predictionsIn = ({ directory }: Pick<RunFolder, 'directory'>, split: string): string =>
  join(directory, `predictions-${split}.safetensors`)

/** Whether the training came to its end. */
export const isFinished = (run: RunFolder): boolean => existsSync(pathIn(run, 'model'))

/**
 * Whether it also has its figures, which come after the weights: a run that was stopped in between has only to be
 * scored.
 */
export const isScored = (run: RunFolder): boolean => isFinished(run) && existsSync(pathIn(run, 'metrics'))

/** `base`, or `base-2`, `base-3`, ... : the first that does not exist yet. */
export function freeDirectory(base: string): string {
  let directory = base
  for (let copy = 2; existsSync(directory); copy++) directory = `${base}-${copy}`
  return directory
}

/**
 * Makes a new run folder and writes its record. An existing folder must be empty, unless `numbered` allows another
 * name: `directory-2`, `directory-3`, ... Of several runs that begin at once each gets a folder of its own, or is
 * refused.
 *
 * @throws AtelierError where another run has the folder, or it cannot be written.
 */
export async function createRun(
  directory: string,
  record: RunRecord,
  graph: Graph,
  { numbered = false }: { readonly numbered?: boolean } = {},
): Promise<RunFolder> {
  const run = { directory: numbered ? await takeFreeDirectory(directory) : directory, record, graph }
  await checkEmpty(run.directory)
  try {
    await createFileAtomically(pathIn(run, 'record'), jsonText(record))
  } catch (error) {
    // Another has been quicker since.
    throw existsSync(pathIn(run, 'record')) ? notEmpty(run.directory) : error
  }
  return run
}

async function takeFreeDirectory(base: string): Promise<string> {
  let directory = freeDirectory(base)
  while (!(await createNewFolder(directory))) directory = freeDirectory(base)
  return directory
}

/** A folder that is not there yet counts as empty. */
export async function checkEmpty(directory: string): Promise<void> {
  const entries = existsSync(directory) ? await entriesOf(directory) : []
  // One that was killed while it wrote its record has left that alone, unfinished: no run to continue.
  if (!entries.every(isUnfinished)) throw notEmpty(directory)
}

function notEmpty(directory: string): AtelierError {
  const hint = 'Choose another with --out, or continue the run in it with --resume'
  return new AtelierError(mismatch('--out', 'a new or empty folder', `${directory} with files in it`, hint))
}

async function entriesOf(directory: string): Promise<readonly string[]> {
  return readdir(directory).catch((error: unknown) => {
    const hint = 'Choose another folder with --out'
    throw new AtelierError(mismatch('--out', 'a new or empty folder', messageOf(error), hint))
  })
}

/** Where the data of a run are: official ones are the same wherever they lie, others are where the run had them. */
export const dataOf = ({ record: { data } }: RunFolder): string | undefined =>
  data.official ? undefined : data.directory

/** The first file of the data that a run learned from which is another, or missing, in these; undefined: they are the same. */
export const otherFile = (
  { record: { data } }: RunFolder,
  checksums: Readonly<Record<string, string>>,
): string | undefined => Object.keys(data.checksums).find((file) => checksums[file] !== data.checksums[file])

/** Reads the folder of a run, finished or not. */
export async function openRun(directory: string): Promise<RunFolder> {
  const file = join(directory, runFiles.record)
  let text: string
  try {
    text = await readText(file)
  } catch (error) {
    const hint = 'Give the folder that a training printed, such as runs/nn-quick-seed1'
    throw new AtelierError(
      mismatch(directory, `the folder of a run (with ${runFiles.record})`, messageOf(error), hint),
    )
  }
  return { directory, ...parseRecord(file, text) }
}

export async function writeJson(run: RunFolder, file: keyof typeof runFiles, value: unknown): Promise<void> {
  await writeFileAtomically(pathIn(run, file), jsonText(value))
}

const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** How a run is called in tables. */
export const nameOfRun = (run: RunFolder): string => basename(run.directory)
