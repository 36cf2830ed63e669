/** The version in package.json. */
import { readFileSync } from 'node:fs'

export function atelierVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(text) as { version: string }
  return version
}
