/** Models as users name them: one of the four, or the path of a file that exports one. */
import { stat } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { AtelierError, messageOf, mismatch, UsageError } from '../core/errors.js'
import { formatAlternatives } from '../core/format.js'
import { parseJson } from '../core/json.js'
import { closest } from '../core/suggest.js'
import { type Graph, parseGraph, storeGraph } from '../graph/graph.js'
import { isModelName, modelNames, models } from './index.js'

export interface LoadedModel {
  readonly graph: Graph
  readonly name: string
  /** The absolute path of the file it came from; null for Atelier's own. */
  readonly source: string | null
}

const extensions = ['.ts', '.mts', '.js', '.mjs']
const exporting =
  "a model as its default export or as 'model': what sequential(...) gives, or a function that gives it"

/**
 * Loads a model. A file is TypeScript or JavaScript, and imports its layers from 'atelier' wherever it lies.
 *
 * @throws UsageError for an unknown name, AtelierError for a file that gives no model.
 */
export async function loadModel(nameOrPath: string): Promise<LoadedModel> {
  if (isModelName(nameOrPath)) {
    return { graph: models[nameOrPath].build(), name: nameOrPath, source: null }
  }
  if (!extensions.includes(extname(nameOrPath))) throw unknownName(nameOrPath)
  const source = resolve(nameOrPath)
  const found = await stat(source).catch(() => null)
  if (!found?.isFile()) {
    throw new UsageError(mismatch(`Model ${nameOrPath}`, 'a file', found ? 'a folder' : 'no such file'))
  }
  const exported = await importFile(source, nameOrPath)
  const { default: byDefault, model = byDefault } = exported as { default?: unknown; model?: unknown }
  const value: unknown = typeof model === 'function' ? await callOf(model, nameOrPath) : model
  if (!isGraph(value)) throw new AtelierError(mismatch(nameOrPath, exporting, describe(value)))
  // As a run folder stores it and reads it back, with every parameter checked.
  const graph = parseJson(nameOrPath, JSON.stringify(storeGraph(value)), exporting, parseGraph)
  return { graph, name: graph.name, source }
}

function unknownName(name: string): UsageError {
  const near = closest(name, modelNames)
  const hint = near ? `Did you mean ${near}?` : 'A path must end in .ts or .js'
  const expected = formatAlternatives([
    ...modelNames,
    'the path of a file that exports a model (.ts, .js, .mjs)',
  ])
  return new UsageError(mismatch('Model', expected, name, hint))
}

async function importFile(source: string, shown: string): Promise<object> {
  const [{ createJiti }, api] = await Promise.all([import('jiti'), import('./authoring.js')])
  // The file gets this very instance of the layers, so that it works outside a checkout, and so that errors
  // thrown in it are of the classes that the command line knows.
  const jiti = createJiti(pathToFileURL(source).href, {
    virtualModules: { atelier: api },
    fsCache: false,
    moduleCache: false,
    interopDefault: false,
  })
  return fromUser(shown, () => jiti.import<object>(source))
}

const callOf = (model: unknown, shown: string): Promise<unknown> =>
  fromUser(shown, async () => (model as () => unknown)())

/** Whatever a user's own code throws is told with the file's name; a model's own errors are clear by themselves. */
async function fromUser<T>(shown: string, code: () => Promise<T>): Promise<T> {
  try {
    return await code()
  } catch (error) {
    if (error instanceof AtelierError) throw error
    throw new AtelierError(`${shown}: expected ${exporting}; running it failed: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

function isGraph(value: unknown): value is Graph {
  return typeof value === 'object' && value !== null && 'nodes' in value && Array.isArray(value.nodes)
}

function describe(value: unknown): string {
  if (value === undefined) return 'neither'
  if (Array.isArray(value)) return 'an array: give the layers to sequential(...)'
  return typeof value === 'object' ? 'another object' : `a ${typeof value}`
}
