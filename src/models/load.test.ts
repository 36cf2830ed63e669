import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AtelierError, UsageError } from '../core/errors.js'
import { countParameters, weightsOf } from '../graph/graph.js'
import { loadModel } from './load.js'
import { modelNames } from './names.js'
import { nn } from './nn.js'

let folder: string
beforeAll(async () => {
  // Outside the checkout, where no package called atelier can be found.
  folder = await mkdtemp(join(tmpdir(), 'atelier-models-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function loadSource(file: string, source: string) {
  const path = join(folder, file)
  await writeFile(path, source)
  return loadModel(path)
}
const failureOf = async (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => expect.fail('expected a failure'),
    (error: Error) => error,
  )
const layers = "import { dense, flatten, input, sequential } from 'atelier'\n"
const model = "sequential('mine', input(4, 4, 1), flatten(), dense(3))"

describe('loadModel', () => {
  it('knows the models by name', async () => {
    expect(await loadModel('nn')).toEqual({ graph: nn(), name: 'nn', source: null })
  })

  it('loads the example, a small one', async () => {
    const { graph, name, source } = await loadModel('examples/tiny.ts')
    expect(name).toBe('tiny')
    expect(source).toMatch(/^\/.*examples\/tiny\.ts$/)
    expect(countParameters(weightsOf(graph))).toEqual({ parameters: 14_042, trainable: 14_010 })
  })

  it.each([
    [
      'default.ts',
      `${layers}const units: number = 3\nexport default ${model.replace('dense(3)', 'dense(units)')}`,
    ],
    ['named.ts', `${layers}export const model = ${model}`],
    ['function.ts', `${layers}export default () => ${model}`],
    ['async.mts', `${layers}export const model = async () => ${model}`],
    ['plain.js', `${layers}export default ${model}`],
    ['module.mjs', `${layers}export default ${model}`],
    [
      'common.js',
      `const { dense, flatten, input, sequential } = require('atelier')\nmodule.exports = { model: ${model} }`,
    ],
  ])('loads %s from anywhere', async (file, source) => {
    const loaded = await loadSource(file, source)
    expect(loaded).toMatchObject({ name: 'mine', source: join(folder, file) })
    expect(loaded.graph.nodes.map((node) => node.name)).toEqual(['input', 'flatten_1', 'dense_1'])
  })

  it('follows the imports of a model file', async () => {
    await writeFile(join(folder, 'parts.ts'), `${layers}export const head = (units: number) => dense(units)`)
    const source = `${layers}import { head } from './parts.ts'\nexport default ${model.replace('dense(3)', 'head(5)')}`
    expect((await loadSource('whole.ts', source)).graph.nodes.at(-1)?.shape).toEqual([5])
  })

  it('reads a file anew every time', async () => {
    await loadSource('changed.ts', `${layers}export default ${model}`)
    const { graph } = await loadSource(
      'changed.ts',
      `${layers}export default ${model.replace('dense(3)', 'dense(4)')}`,
    )
    expect(graph.nodes.at(-1)?.shape).toEqual([4])
  })

  it('tells unknown names what there is', async () => {
    const failure = await failureOf(loadModel('resnet5'))
    expect(failure).toBeInstanceOf(UsageError)
    expect(failure.message).toBe(
      `Model: expected ${modelNames.join(', ')} or the path of a file that exports a model (.ts, .js, .mjs), ` +
        'received resnet5. Did you mean resnet50?',
    )
    expect((await failureOf(loadModel('./model.py'))).message).toContain('A path must end in .ts or .js')
  })

  it.each([
    ['missing.ts', null, /Model .*missing\.ts: expected a file, received no such file/],
    ['nothing.ts', 'export const other = 1', /expected a model as its default export .* received neither/],
    [
      'list.ts',
      `${layers}export default [input(4, 4, 1), dense(3)]`,
      /received an array: give the layers to/,
    ],
    ['number.ts', 'export default 3', /received a number/],
    ['broken.ts', 'export default (', /running it failed: /],
    ['throws.ts', "throw new Error('no luck')", /throws\.ts: expected a model .* running it failed: no luck/],
    [
      'wrong.ts',
      `${layers}export default () => sequential('wrong', input(4, 4, 1), dense(3))`,
      /^Layer dense_1 \(dense\) of model wrong: expected a vector of features .* received 4 x 4 x 1 from input/,
    ],
    [
      'forged.ts',
      "export default { name: 'forged', nodes: [{ name: 'a', op: 'tanh', params: {}, inputs: [] }] }",
      /forged.ts: expected a model as its default export .*, received nodes\.0\.op: expected "input", .* received "tanh"/,
    ],
  ])('refuses %s', async (file, source, message) => {
    const loading = source === null ? loadModel(join(folder, file)) : loadSource(file, source)
    const failure = await failureOf(loading)
    expect(failure).toBeInstanceOf(AtelierError)
    expect(failure.message).toMatch(message)
  })
})
