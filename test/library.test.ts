/** The examples of docs/library.md: their types are right, and they run as they stand, one after another. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = readFileSync(join(root, 'docs', 'library.md'), 'utf8')
const examples = Array.from(page.matchAll(/^```ts\n(.*?)^```$/gms), ([, code = '']) => code)

let folder: string
const run = (command: string, ...args: string[]) =>
  spawnSync(command, args, { cwd: folder, encoding: 'utf8', timeout: 120_000 })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'atelier-library-'))
  mkdirSync(join(folder, 'node_modules'))
  // As npm installs a folder.
  expect(run('ln', '-s', root, 'node_modules/atelier').status).toBe(0)
  expect(run('ln', '-s', join(root, 'node_modules', '@types'), 'node_modules/@types').status).toBe(0)
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  examples.forEach((code, index) => {
    writeFileSync(join(folder, `example-${index}.ts`), code)
  })
  const gradient = Uint8Array.from({ length: 56 * 56 }, (_, i) => (i * 7) % 256)
  const raw = { width: 56, height: 56, channels: 1 } as const
  await sharp(gradient, { raw }).png().toFile(join(folder, 'sneaker.png'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('docs/library.md', () => {
  it('shows every function of the table', () => {
    const functions = [...page.matchAll(/^\| `(\w+)\(/gm)].map(([, name]) => name)
    expect(functions.length).toBeGreaterThan(4)
    for (const name of functions) {
      expect(
        examples.some((code) => new RegExp(`await ${name}\\(`).test(code)),
        name,
      ).toBe(true)
    }
  })

  it('has the types right', () => {
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--skipLibCheck']
    const files = examples.map((_, index) => `example-${index}.ts`)
    const tsc = join(root, 'node_modules', '.bin', 'tsc')
    const { stdout } = run(tsc, ...options, '--types', 'node', ...files)
    expect(stdout).toBe('')
  })

  const titles = examples.map((code, index) => {
    const [, names] = /import \{ (.*) \}/.exec(code) ?? []
    return [`example ${index}: ${names}`, `example-${index}.ts`] as const
  })
  it.each(titles)(
    'runs %s',
    (_, file) => {
      const { status, stdout, stderr } = run(join(root, 'node_modules', '.bin', 'jiti'), file)
      expect(stderr).toBe('')
      expect(status).toBe(0)
      expect(stdout).not.toMatch(/undefined|NaN/)
      expect(stdout.trim()).not.toBe('')
    },
    120_000,
  )
})

it('is found by its name from within the checkout', () => {
  const program = "import { predict, train } from 'atelier'; console.log(typeof predict, typeof train)"
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: root,
    encoding: 'utf8',
  })
  expect(stdout).toBe('function function\n')
})
