/** What npm installed beside this package, or beside one of the folders above it. */
import { createRequire } from 'node:module'

/** The full path of a file of a package, `name/path`; null where it is not installed. */
export function installedFile(file: string): string | null {
  try {
    return createRequire(import.meta.url).resolve(file)
  } catch {
    return null
  }
}
