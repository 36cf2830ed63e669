/** Where a reproduction keeps its runs, and which of them it goes on with. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { mismatch, UsageError } from '../core/errors.js'
import { atelierCommand, commandLine } from '../core/shell.js'
import { type StudyName, studyNames } from '../models/names.js'
import { freeDirectory, isScored, openRun, type RunFolder, runFiles } from '../runs/run-folder.js'
import { BUDGETED_RECIPE, DEFAULT_MINUTES } from './reproduction-budget.js'
import type { ReproduceFlags } from './reproduction-flags.js'

const recipeOf = { quick: 'quick', full: 'tuned' } as const

export type ReproducedRecipe = (typeof recipeOf)[keyof typeof recipeOf]

export const recipeFor = ({ profile }: ReproduceFlags): ReproducedRecipe =>
  profile === undefined ? BUDGETED_RECIPE : recipeOf[profile]

/** The folder asked for, an unfinished reproduction of the same kind, or a new one. */
export function directoryFor(
  { out, profile, minutes = DEFAULT_MINUTES, seed, fresh }: ReproduceFlags,
  note: (line: string) => void,
): string {
  if (out !== undefined) return out
  const base = `runs/reproduce-${profile ?? `${minutes}min`}${seed === 1 ? '' : `-seed${seed}`}`
  const free = freeDirectory(base)
  if (fresh || free === base) return free
  const copies = Number(free.slice(base.length + 1)) - 1
  const newest = copies === 1 ? base : `${base}-${copies}`
  if (existsSync(join(newest, 'results.json'))) return free
  note(`Continuing the unfinished ${newest} (--fresh starts anew)`)
  return newest
}

/**
 * The run of a model that a reproduction in that folder has begun; null where it has not.
 *
 * @throws UsageError for one of another recipe, seed or length.
 */
export async function runIn(
  folder: string,
  model: StudyName,
  flags: ReproduceFlags,
): Promise<RunFolder | null> {
  const directory = join(folder, model)
  if (!existsSync(join(directory, runFiles.record))) return null
  const run = await openRun(directory)
  const { recipeName, maxSteps, seed } = run.record
  const wanted = described(recipeFor(flags), flags.profile === undefined, flags.seed)
  const found = described(recipeName, maxSteps !== null, seed)
  if (found === wanted) return run
  const hint = 'Choose another folder with --out, or the profile and the seed of that one'
  throw new UsageError(mismatch(`--out, ${directory}`, wanted, found, hint))
}

const described = (recipe: string, budgeted: boolean, seed: number): string =>
  `the recipe ${recipe}${budgeted ? ' within a budget' : ''} by seed ${seed}`

/** The one that was stopped before its end; null where there is none. */
export async function unfinishedRun(folder: string, flags: ReproduceFlags): Promise<RunFolder | null> {
  for (const model of studyNames) {
    const run = await runIn(folder, model, flags)
    if (run !== null && !isScored(run)) return run
  }
  return null
}

/** What a person types to go on, or to do it again: by npm where that started it. */
export function commandOf({ minutes, profile, seed, models, out, json }: ReproduceFlags): string {
  const flags = [
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...(minutes === undefined ? [] : ['--minutes', String(minutes)]),
    ...(models === undefined ? [] : ['--models', models.join(',')]),
    ...(seed === 1 ? [] : ['--seed', String(seed)]),
    ...(out === undefined ? [] : ['--out', out]),
    ...(json ? ['--json'] : []),
  ]
  const byNpm = process.env.npm_lifecycle_event === 'start'
  if (!byNpm) return atelierCommand('reproduce', ...flags)
  return commandLine(['npm', 'start', ...(flags.length > 0 ? ['--'] : []), ...flags])
}
