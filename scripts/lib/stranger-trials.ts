// What has to work where only the package is installed, each trial with how to see that it did.
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { atelier, type Outcome, runNode, type Stranger, served } from './stranger.js'

export interface Trial {
  readonly name: string
  /** Null where it went well, else what came instead. */
  readonly run: (stranger: Stranger) => Promise<string | null>
}

const PHOTO = join('node_modules', 'atelier', 'examples', 'photos', 'coat.png')

const command = (name: string, expected: RegExp, ...args: readonly string[]): Trial => ({
  name,
  run: async (stranger) => unexpected(atelier(stranger, ...args), expected),
})

function unexpected({ status, stdout, stderr }: Outcome, expected: RegExp): string | null {
  return status === 0 && expected.test(stdout)
    ? null
    : `exit code ${status}: ${stdout.slice(-500)}${stderr.slice(-1500)}`
}

const LIBRARY = `
import { conv2d, dense, flatten, input, loadModel, predict, sequential, train } from 'atelier'
import { nn } from 'atelier/models'
const small = sequential('small', input(28, 28, 1), conv2d(4, 3, { activation: 'relu' }), flatten(), dense(10))
const { metrics } = await train(small, { set: { epochs: 1, batch: 32 }, limit: 64, out: 'runs/small' })
const model = await loadModel('nn')
const [photo] = await predict(model, [${JSON.stringify(PHOTO)}])
console.log(photo.class, metrics.test.accuracy > 0, nn().nodes.length > 0)
model.close()
`

/** Done in a moment by any engine. */
export const quickTrials: readonly Trial[] = [
  command('predict', /: Coat \d/, 'predict', 'nn', PHOTO),
  command('evaluate nn', /89\.81 %/, 'evaluate', 'nn'),
  command(
    'train nn',
    /[Tt]est accuracy/,
    'train',
    'nn',
    '--epochs',
    '1',
    '--limit',
    '500',
    '--out',
    'runs/nn',
  ),
  command('report', /\.html/, 'report', 'runs/nn'),
  command('export', /^Wrote nn\.onnx/, 'export', 'nn', '--format', 'onnx', '--out', 'nn.onnx'),
  { name: 'library', run: async (stranger) => library(stranger) },
  { name: 'serve', run: (stranger) => served(stranger, (url) => studio(stranger, url)) },
]

export const trials: readonly Trial[] = [
  ...quickTrials,
  command('evaluate cnn', /95\.(38|39|4\d) %/, 'evaluate', 'cnn'),
  command(
    'train cnn',
    /[Tt]est accuracy/,
    ...['train', 'cnn', '--max-steps', '20', '--limit', '2560', '--out', 'runs/cnn'],
  ),
]

function library(stranger: Stranger): string | null {
  writeFileSync(join(stranger.folder, 'program.mjs'), LIBRARY)
  return unexpected(runNode(stranger, ['program.mjs']), /^Coat true true$/m)
}

/** The page, its files, and an answer of the server's own. */
async function studio({ folder }: Stranger, url: string): Promise<string | null> {
  const assets = join(folder, 'node_modules', 'atelier', 'dist', 'studio', 'assets')
  const wasm = readdirSync(assets).find((name) => name.endsWith('.wasm.gz'))
  const paths = ['/', '/api/models', `/assets/${wasm?.slice(0, -'.gz'.length)}`]
  const answers = await Promise.all(paths.map((path) => fetch(`${url}${path}`)))
  const [page, models, binary] = await Promise.all(
    answers.map(async (answer) => Buffer.from(await answer.arrayBuffer())),
  )
  if (!page?.includes('<script')) return 'a page without its script'
  if (!models?.includes('"cnn"')) return 'no model cnn'
  const isWasm = binary?.subarray(0, 4).toString() === '\0asm'
  return isWasm ? null : `no WebAssembly at ${paths[2]}`
}
