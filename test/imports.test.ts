/** The order of the folders: each imports only from itself and from those above it. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const order = [
  'core',
  'data',
  'graph',
  'models',
  'plan',
  'checkpoint',
  'recipes',
  'onnx',
  'engine',
  'runs',
  'train',
  'picture',
  'evaluate',
  'results',
  'page',
  'report',
  'audit',
  'photo',
  'explain',
  'predict',
  'export',
  'library',
  'server',
  'cli',
]

/** The package's entry is the library's face. */
const folderOf = (path: string): string => (path === 'index.ts' ? 'library' : (path.split('/')[0] as string))

/** Every relative import of a source, static or dynamic, types included, as a path below src/. */
function importsOf(path: string): string[] {
  const text = readFileSync(join('src', path), 'utf8')
  const specifiers = text.matchAll(/(?:from|import|import\()\s*'(\.[^']+)'/g)
  return Array.from(specifiers, ([, specifier]) => {
    const target = join('src', dirname(path), specifier as string)
    return relative('src', target).replace(/\.js$/, '.ts')
  })
}

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.ts') && !path.endsWith('.test.ts'),
)

describe('the sources', () => {
  it('stand in docs/architecture.md in their order', () => {
    const table = readFileSync(join('docs', 'architecture.md'), 'utf8')
    expect(Array.from(table.matchAll(/^\| `src\/(\w+)` \|/gm), ([, folder]) => folder)).toEqual(order)
  })

  it('lie in folders whose place is known', () => {
    expect(sources.filter((path) => !order.includes(folderOf(path)))).toEqual([])
  })

  it('import only from their own folder and those above', () => {
    const wrong = sources.flatMap((path) =>
      importsOf(path)
        .filter((target) => order.indexOf(folderOf(target)) > order.indexOf(folderOf(path)))
        .map((target) => `${path} imports ${target}`),
    )
    expect(wrong).toEqual([])
  })

  it('import sources that are there', () => {
    const known = new Set(sources)
    const wrong = sources.flatMap((path) =>
      importsOf(path)
        .filter((target) => !known.has(target))
        .map((target) => `${path} imports ${target}`),
    )
    expect(wrong).toEqual([])
    // The reading itself works: the command line imports every command.
    expect(importsOf('cli/program.ts').length).toBeGreaterThan(5)
  })
})

/** They run beside the build, so that they measure and check what users run. */
describe('the tools', () => {
  const tools = ['bench', 'examples', 'scripts'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(ts|mjs)$/.test(path) && !path.includes('node_modules'))
      .map((path) => join(folder, path)),
  )

  it('reach into the build by #atelier/ alone, for modules that have a source', () => {
    const wrong = tools.flatMap((path) => {
      const text = readFileSync(path, 'utf8')
      const specifiers = Array.from(
        text.matchAll(/(?:from|import|import\()\s*'([^']+)'/g),
        ([, name]) => name as string,
      )
      const [deep, known] = [/^\.\.?\/.*(dist|src)\//, new Set(sources)]
      return specifiers
        .filter((name) => deep.test(name) || (name.startsWith('#') && !known.has(sourceOf(name))))
        .map((name) => `${path} imports ${name}`)
    })
    expect(wrong).toEqual([])
    expect(tools.length).toBeGreaterThan(50)
  })
})

const sourceOf = (name: string): string => name.replace('#atelier/', '').replace(/\.js$/, '.ts')
