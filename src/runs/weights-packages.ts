/**
 * Where released weights lie by their names: in the package itself, or, of a model that is too large for it, in a package
 * of weights that is installed beside it.
 */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { installedFile } from '../core/installed.js'
import { modelNames } from '../models/names.js'
import { packageReleases, releaseFiles } from './released-weights.js'

/** The npm package that holds the weights of a model, and nothing else. */
export const weightsPackage = (model: string): string => `atelier-weights-${model}`

/**
 * The folder of the weights of that name, null where there is none. Only the package's own releases are continued in
 * packages of weights.
 */
export function findRelease(name: string, releases = packageReleases): string | null {
  const own = join(releases, name)
  if (existsSync(join(own, releaseFiles.config))) return own
  return releases === packageReleases && isOurs(name) ? installed(name) : null
}

/** The names of all that are there. */
export async function releaseNames(releases = packageReleases): Promise<string[]> {
  const candidates = new Set([...(await readdir(releases).catch(() => [])), ...modelNames])
  return [...candidates].filter((name) => findRelease(name, releases) !== null)
}

/** What to do for weights that this project has released and that are not here; null for any other name. */
export const missingRelease = (name: string): string | null =>
  isOurs(name) ? `Install them beside atelier: npm install ${weightsPackage(name)}` : null

const isOurs = (name: string): boolean => modelNames.some((model) => model === name)

function installed(name: string): string | null {
  const config = installedFile(`${weightsPackage(name)}/${releaseFiles.config}`)
  return config && dirname(config)
}
