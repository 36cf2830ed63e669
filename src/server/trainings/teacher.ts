/**
 * The teacher of a training that is asked for over the network. The command line opens whatever folder it is given, and
 * says in its errors what it found there: a client names a model that the server knows.
 */
import { resolve } from 'node:path'
import { mismatch } from '../../core/errors.js'
import { applySettings, namedRecipe } from '../../recipes/index.js'
import { findRelease } from '../../runs/weights-packages.js'
import { HttpError } from '../http/errors.js'
import type { Catalog, ListedModel } from '../models/catalog.js'
import type { Entry } from './store.js'

/**
 * The changes to a recipe that the command line is given: those that were asked for, and the folder of the teacher where
 * the command line does not know it by its name.
 *
 * @throws UsageError for values that a recipe cannot have, HttpError 400 for a teacher that is none of the models.
 */
export async function settingsWithTeacher(
  { model, recipe, set }: Pick<Entry, 'model' | 'recipe' | 'set'>,
  catalog: Catalog,
): Promise<readonly string[]> {
  const { teacher } = applySettings(namedRecipe(recipe, model), set)
  if (teacher === null) return set
  const listed = (await catalog.listModels()).find((one) => isMeant(one, teacher.model))
  if (listed === undefined) {
    // The same whether or not there is something of that name on this machine.
    const expected = 'the id of one of the models that the server knows'
    throw new HttpError(400, mismatch('teacher.model', expected, teacher.model, 'See GET /api/models'))
  }
  const folder = resolve(listed.model.directory)
  const isKnown = [resolve(teacher.model), findRelease(teacher.model)].includes(folder)
  return isKnown ? set : [...set, `teacher.model=${folder}`]
}

/** By its id, or by its folder, as the records of runs have it; no path is followed. */
const isMeant = ({ id, model }: ListedModel, name: string): boolean =>
  id === name || resolve(model.directory) === resolve(name)
