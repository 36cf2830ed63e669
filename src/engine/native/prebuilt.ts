/** The native engine as an npm package has it: built beforehand, an addon for each level of the processor. */
import { readFileSync } from 'node:fs'
import { arch, platform } from 'node:os'
import { dirname, join } from 'node:path'
import { installedFile } from '../../core/installed.js'
import { lacking } from './processor.js'

/** In the package's manifest, beside name and version. */
interface Manifest {
  readonly version: string
  readonly atelier: {
    /** Best first. */
    readonly builds: readonly { readonly file: string; readonly processor: readonly string[] }[]
  }
}

export type Prebuilt =
  /** The addon's file. */
  { readonly file: string } | { readonly file: null; readonly reason: string; readonly hint: string }

/** The package of this system, whether or not there is one. */
export const prebuiltPackage = (
  system = { platform: platform() as string, arch: arch() as string },
): string => `atelier-native-${system.platform}-${system.arch}`

/** Systems for which there is a package: scripts/package-native.mjs. */
const PACKAGED: readonly string[] = ['atelier-native-linux-x64']

/** The addon for a processor with these flags, of the package that is installed in `version`, which has to be the same. */
export function findPrebuilt(
  version: string,
  flags: ReadonlySet<string>,
  name = prebuiltPackage(),
): Prebuilt {
  const manifestFile = installedFile(`${name}/package.json`)
  if (manifestFile === null) return { file: null, ...missing(name) }
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Manifest
  if (manifest.version !== version) {
    const reason = `its package ${name} is of version ${manifest.version}, and this is ${version}`
    return { file: null, reason, hint: `npm install ${name}@${version}` }
  }
  const build = chooseBuild(manifest.atelier.builds, flags)
  if (build !== null) return { file: join(dirname(manifestFile), build.file) }
  const reason = `its package ${name} has none for this processor`
  return { file: null, reason, hint: 'work from a checkout, where it is built: docs/install.md' }
}

/** The first that runs here; where nothing is known of the processor the last, which asks for least. */
export function chooseBuild<Build extends { readonly processor: readonly string[] }>(
  builds: readonly Build[],
  flags: ReadonlySet<string>,
): Build | null {
  if (flags.size === 0) return builds.at(-1) ?? null
  return builds.find(({ processor }) => lacking(new Set(processor), flags) === null) ?? null
}

function missing(name: string): { readonly reason: string; readonly hint: string } {
  if (PACKAGED.includes(name)) {
    return { reason: `its package ${name} is not installed`, hint: `npm install ${name}` }
  }
  const reason = `there is no package of it for ${platform()} on ${arch()}`
  return { reason, hint: 'work from a checkout, where it is built: docs/install.md' }
}
