/** The order of the folders: each imports only from itself and from those above it. */
import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
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

/** What needs Node: these files, and all below these folders. Nothing else imports Node, or anything that does. */
const needsNode = [
  ...[
    'core/checkout',
    'core/cores',
    'core/files',
    'core/installed',
    'core/shell',
    'core/system',
    'core/version',
    'core/worker',
    'models/load',
    'recipes/choose',
  ],
  ...[
    'data/node-batch-thread',
    'data/node-batch-worker',
    'data/classes',
    'data/csv',
    'data/files',
    'data/nearby',
    'data/dataset',
    'data/download',
  ],
  ...[
    'data/idx',
    'data/locate',
    'data/read',
    'checkpoint/checksum',
    'checkpoint/safetensors',
    'onnx/',
    'page/chart',
    'page/sprite',
  ],
  ...['engine/choose', 'engine/native/', 'engine/reference/engine'],
  ...['engine/wasm/node', 'engine/wasm/node-worker'],
  ...[
    'runs/find-runs',
    'runs/history',
    'runs/lock',
    'runs/logits-file',
    'runs/process-identity',
    'runs/open-trained',
    'runs/released-weights',
  ],
  ...['runs/read-metrics', 'runs/run-folder', 'runs/trained-model', 'runs/training-state', 'runs/weights'],
  ...[
    'runs/weights-file',
    'runs/weights-packages',
    'picture/',
    'evaluate/evaluate',
    'evaluate/gallery',
    'evaluate/group',
  ],
  ...['evaluate/images', 'evaluate/predictions', 'evaluate/score', 'evaluate/soup', 'evaluate/weights-file'],
  ...[
    'train/check-teacher',
    'train/dry-run',
    'train/estimate',
    'train/folder-store',
    'train/measure-plan',
    'train/node-host',
    'train/prepare',
    'train/range-test',
    'train/temporary',
    'train/tensorboard',
    'train/train-run',
  ],
  ...[
    'results/',
    'report/',
    'audit/',
    'photo/decode',
    'photo/read-image',
    'photo/sources',
    'photo/steps-picture',
  ],
  ...['explain/picture', 'predict/predict-images', 'export/', 'library/', 'index', 'server/', 'cli/'],
]

const isNodes = (path: string): boolean =>
  needsNode.some((name) => (name.endsWith('/') ? path.startsWith(name) : path === `${name}.ts`))

/** What reads text of the system's or the package's own; all other text may come from an editor or a spreadsheet. */
const readersOfOwnText = [
  ...[
    'core/system.ts',
    'core/cores.ts',
    'core/version.ts',
    'engine/native/addon.ts',
    'engine/native/prebuilt.ts',
  ],
  ...['runs/lock.ts', 'runs/process-identity.ts', 'server/routes/studio.ts', 'server/trainings/process.ts'],
]

/** Packages that run on Node alone. */
const nodePackages = ['sharp', 'fastify', 'commander', 'onnxruntime-node', 'jiti']

interface Import {
  /** As it stands there. */
  readonly specifier: string
  /** Types alone, which leave nothing in the program. */
  readonly ofTypes: boolean
}

/** Every import of a source, static or dynamic. */
function importsIn(file: string): Import[] {
  const statements = readFileSync(file, 'utf8').matchAll(
    /(?:import|export) (type )?([^'"`;]*?)from '([^']+)'|import\(?\s*'([^']+)'/g,
  )
  return Array.from(statements, ([, type, names = '', specifier, other]) => {
    const inBraces = /^\{([^}]*)\}\s*$/
      .exec(names)?.[1]
      ?.split(',')
      .map((name) => name.trim())
    const allTypes = inBraces?.every((name) => name === '' || name.startsWith('type ')) === true
    return { specifier: (specifier ?? other) as string, ofTypes: type !== undefined || allTypes }
  })
}

const targetOf = (file: string, specifier: string): string =>
  relative('.', join(dirname(file), specifier)).replace(/\.js$/, '')

/** The sources that a source imports, types included, as paths below src/. */
const importsOf = (path: string): string[] =>
  importsIn(join('src', path))
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier }) => `${relative('src', targetOf(join('src', path), specifier))}.ts`)

/** What a source imports that needs Node: modules and packages of Node's, and sources that need it. */
const wantedOfNode = (path: string): string[] =>
  importsIn(join('src', path)).flatMap(({ specifier, ofTypes }) => {
    const wanted = specifier.startsWith('.')
      ? isNodes(`${relative('src', targetOf(join('src', path), specifier))}.ts`)
      : isBuiltin(specifier) || nodePackages.includes(specifier)
    return wanted && !ofTypes ? [specifier] : []
  })

/** Circles of files: for each file that can be reached from itself, a way there and back. */
function circlesIn(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const wayBack = (start: string): string[] | null => {
    const ways = [[start]]
    const seen = new Set<string>()
    for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
      for (const next of edges.get(way.at(-1) as string) ?? []) {
        if (next === start) return [...way, start]
        if (!seen.has(next)) ways.push([...way, next])
        seen.add(next)
      }
    }
    return null
  }
  return [...edges.keys()].flatMap((file) => wayBack(file)?.join(' -> ') ?? [])
}

/** Every TypeScript file below a folder but its tests, with what it imports of such files, types included. */
function edgesBelow(...folders: readonly string[]): Map<string, readonly string[]> {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/.test(path) && !path.includes('.test.'))
      .map((path) => join(folder, path)),
  )
  const known = new Set(files)
  const found = (base: string): string | undefined =>
    [`${base}.ts`, `${base}.tsx`, join(base, 'index.ts')].find((path) => known.has(path))
  return new Map(
    files.map((file) => [
      file,
      importsIn(file).flatMap(({ specifier }) =>
        specifier.startsWith('.') ? (found(targetOf(file, specifier)) ?? []) : [],
      ),
    ]),
  )
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

  it('form no circles, types included', () => {
    expect(circlesIn(edgesBelow('src', 'studio/src'))).toEqual([])
    // Circles would be seen.
    const circle = new Map(Object.entries({ a: ['b'], b: ['c'], c: ['b'], d: ['d'] }))
    expect(circlesIn(circle)).toEqual(['b -> c -> b', 'c -> b -> c', 'd -> d'])
  })

  it('need Node only where that is said', () => {
    const pure = sources.filter((path) => !isNodes(path))
    expect(pure.flatMap((path) => wantedOfNode(path).map((what) => `${path} imports ${what}`))).toEqual([])
    // What a run's files hold can be kept elsewhere than in files.
    expect(pure.filter((path) => path.startsWith('runs/formats/')).length).toBeGreaterThan(5)
    // Nothing is said to need it that does not.
    const holds = (name: string) => (path: string) =>
      name.endsWith('/') ? path.startsWith(name) : path === `${name}.ts`
    expect(
      needsNode.filter((name) => !sources.filter(holds(name)).some((path) => wantedOfNode(path).length > 0)),
    ).toEqual([])
  })
})

/** They run beside the build, so that they measure and check what users run. */
describe('the tools', () => {
  const tools = ['bench', 'examples', 'scripts', 'soak'].flatMap((folder) =>
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

it('all text that others may have saved is read by one reader', () => {
  const readers = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.includes('.test.'))
    .filter((path) => /readFile(?:Sync)?\([^\n]*utf-?8/.test(readFileSync(join('src', path), 'utf8')))
  expect(readers.sort()).toEqual([...readersOfOwnText].sort())
})
