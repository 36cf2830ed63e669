/** Trained models as users name them. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { mismatch, UsageError } from '../core/errors.js'
import { atelierCommand, quoted } from '../core/shell.js'
import { closest } from '../core/suggest.js'
import { newestRunOf, runsFrom } from './find-runs.js'
import { openReleased, packageReleases, releaseFiles } from './released-weights.js'
import { openRun } from './run-folder.js'
import { type TrainedModel, trainedRun } from './trained-model.js'
import { findRelease, missingRelease, releaseNames } from './weights-packages.js'
import type { WhichWeights } from './which-weights.js'

/** Where a name is looked up. */
export interface TrainedPlaces {
  /** Folders of released weights, by the models' names. */
  readonly pretrained: string
  /** Where trainings put their runs: only to say which of them may have been meant. */
  readonly runs: string
}
const usualPlaces: TrainedPlaces = { pretrained: packageReleases, runs: 'runs' }

export interface TrainedOptions extends Partial<TrainedPlaces> {
  /** Which of a run's. */
  readonly weights?: WhichWeights | undefined
}

/**
 * Opens a trained model: `cnn` and the like are the released weights of that name, whatever the working directory
 * holds; all else is the folder of a finished run or of released weights (`./cnn` where it bears such a name).
 *
 * @throws UsageError where there is neither, AtelierError for a run that is not finished and for damaged files.
 */
export async function openTrained(
  nameOrFolder: string,
  { weights = 'final', ...elsewhere }: TrainedOptions = {},
): Promise<TrainedModel> {
  const places = { ...usualPlaces, ...elsewhere }
  if (isName(nameOrFolder)) {
    const released = findRelease(nameOrFolder, places.pretrained)
    if (released !== null) return openRelease(released, weights)
  }
  if (!existsSync(nameOrFolder)) throw await notFound(nameOrFolder, places)
  const isReleased = existsSync(join(nameOrFolder, releaseFiles.config))
  return isReleased ? openRelease(nameOrFolder, weights) : trainedRun(await openRun(nameOrFolder), weights)
}

async function openRelease(directory: string, weights: WhichWeights): Promise<TrainedModel> {
  if (weights === 'final') return openReleased(directory)
  throw new UsageError(
    mismatch(`--weights ${weights}`, 'the folder of a run', `${directory}, which is a release`),
  )
}

const isName = (text: string): boolean => /^\w[\w-]*$/.test(text)

async function notFound(name: string, places: TrainedPlaces): Promise<UsageError> {
  const packaged = places.pretrained === packageReleases ? missingRelease(name) : null
  if (packaged !== null) {
    const expected = 'the released weights of that name'
    return new UsageError(mismatch(`Trained model ${name}`, expected, 'none on this machine', packaged))
  }
  const likely = await likeliest(name, places)
  const hint = likely ? `Did you mean ${quoted(likely)}?` : `Train one with: ${atelierCommand('train', 'nn')}`
  const received = isName(name) ? 'neither weights nor a folder of that name' : 'no such folder'
  const expected = 'the name of pretrained weights or the folder of a run'
  return new UsageError(mismatch(`Trained model ${name}`, expected, received, hint))
}

/** A run of that name or model, released weights of nearly that name, or the newest run. */
async function likeliest(name: string, { pretrained, runs }: TrainedPlaces): Promise<string | undefined> {
  const below = join(runs, name)
  if (existsSync(below)) return below
  const ofModel = await newestRunOf(name, runs)
  if (ofModel !== null) return ofModel.directory
  return closest(name, await releaseNames(pretrained)) ?? (await runsFrom(runs))[0]
}
