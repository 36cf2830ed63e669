/** The studio's build: what a first view loads, and that nothing comes from elsewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

const BUILT = join('dist', 'studio')
const assets = join(BUILT, 'assets')
const chunks = existsSync(assets) ? readdirSync(assets).filter((name) => name.endsWith('.js')) : []
const textOf = (name: string): string => readFileSync(join(assets, name), 'utf8')

/** A chunk and all that it imports at once, as file names. */
function withImports(name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen
  seen.add(name)
  const imports = textOf(name).matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)
  for (const [, imported] of imports) withImports(imported as string, seen)
  return seen
}

describe('the built studio', () => {
  it('is there', () => {
    expect(chunks.length).toBeGreaterThan(5)
  })

  it('loads less than 300 KB of gzipped JavaScript for the first view', () => {
    const entry = /assets\/(index-[\w-]+\.js)/.exec(readFileSync(join(BUILT, 'index.html'), 'utf8'))?.[1]
    const page = chunks.find((name) => name.startsWith('try-page-'))
    const loaded = [entry, page].flatMap((name) => (name === undefined ? [] : [...withImports(name)]))
    expect(loaded.length).toBeGreaterThan(2)
    const bytes = [...new Set(loaded)].reduce((sum, name) => sum + gzipSync(textOf(name)).length, 0)
    console.info(`First view: ${(bytes / 1000).toFixed(1)} KB of gzipped JavaScript`)
    expect(bytes).toBeLessThan(300_000)
    // Charts and inference come later.
    expect(loaded.filter((name) => /echarts|wasm|webgpu/.test(name))).toEqual([])
  })

  it('finds its files by relative addresses, so that it may lie below a path', () => {
    const page = readFileSync(join(BUILT, 'index.html'), 'utf8')
    const addresses = Array.from(page.matchAll(/(?:href|src)="([^"]*)"/g), ([, address]) => address)
    expect(addresses.length).toBeGreaterThan(2)
    expect(addresses.filter((address) => !address?.startsWith('./'))).toEqual([])
  })

  it('serves the Wasm files itself', () => {
    const files = readdirSync(assets).filter((name) => name.endsWith('.wasm'))
    expect(files.length).toBe(2)
  })
})
