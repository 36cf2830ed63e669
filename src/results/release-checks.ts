/** What is not released. */
import { isDeepStrictEqual } from 'node:util'
import { AtelierError, mismatch } from '../core/errors.js'
import { formatPercent } from '../core/format.js'
import type { RunFolder } from '../runs/run-folder.js'
import { HELD_OUT_CHANGES, sameRecipe } from './recordable.js'

type Checked = Pick<RunFolder, 'directory' | 'record'>

/** @throws AtelierError unless both are the same model, trained in the same way but for the images held out. */
export function checkPair(run: Checked, heldOut: Checked): void {
  const fail = (expected: string, received: string): never => {
    throw new AtelierError(mismatch(`--held-out ${heldOut.directory}`, expected, received))
  }
  const [wanted, given] = [run.record, heldOut.record]
  if (given.model !== wanted.model) fail(`a run of ${wanted.model}`, `one of ${given.model}`)
  if (!isDeepStrictEqual(given.graph, wanted.graph)) fail('the same layers', 'others')
  if (given.recipeName !== wanted.recipeName) {
    fail(`a run by the recipe ${wanted.recipeName}`, `one by ${given.recipeName}`)
  }
  if (!sameRecipe(wanted.recipe, given.recipe, HELD_OUT_CHANGES)) {
    fail(`the values of ${run.directory} but for the images held out`, 'others')
  }
  if (given.heldOutImages === 0) fail('a run that held images out', 'one that held out none')
}

/** Half precision may change the test accuracy by so much. */
const LARGEST_CHANGE = 0.0005

/** @throws AtelierError where the test accuracy, a share in [0, 1], has become another. */
export function checkChange({ directory }: Checked, before: number, after: number): void {
  if (Math.abs(after - before) <= LARGEST_CHANGE + 1e-9) return
  const expected = `a test accuracy in f16 within 0.05 points of ${formatPercent(before)}`
  throw new AtelierError(mismatch(directory, expected, formatPercent(after)))
}
