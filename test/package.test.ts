/** The package, packed and installed into a folder that holds nothing else; `npm run check:package` tries more Nodes. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packProject } from '../scripts/lib/package.mjs'
import { root, toolScript } from '../scripts/lib/shell.mjs'
import { atelier, bytesBelow, install, runNode, type Stranger } from '../scripts/lib/stranger.js'
import { quickTrials } from '../scripts/lib/stranger-trials.js'

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

let stranger: Stranger
let archive: string
beforeAll(() => {
  stranger = { folder: mkdtempSync(join(tmpdir(), 'atelier-stranger-')), node: process.execPath }
  archive = packProject()
  expect(install(stranger, [archive])).toMatchObject({ status: 0, stderr: '' })
}, 600_000)
afterAll(() => rmSync(stranger.folder, { recursive: true, force: true }))

describe('the package', () => {
  it('is at most 45 MB, has no script that runs at install, and may be published', () => {
    expect(statSync(archive).size).toBeLessThan(45e6)
    expect(
      Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name)),
    ).toEqual([])
    expect(manifest.private).toBeUndefined()
  })

  it('holds what is used, and no tests, records or sources', () => {
    const inside = join(stranger.folder, 'node_modules', 'atelier')
    expect(readdirSync(inside).sort()).toEqual([
      ...['LICENSE', 'README.md', 'README.vi.md', 'RESULTS.md', 'dist', 'docs', 'examples', 'package.json'],
      'pretrained',
    ])
    expect(readdirSync(join(inside, 'pretrained')).sort()).toEqual(['cnn', 'dnn', 'nn'])
    const files = readdirSync(inside, { recursive: true }).map(String)
    expect(files.filter((path) => /\.test\.|\.map$|stamp|tsbuildinfo/.test(path))).toEqual([])
    expect(files.filter((path) => path.endsWith('THIRD-PARTY.txt'))).toHaveLength(1)
  })

  it('needs at most 90 MB beside the weights', () => {
    expect(bytesBelow(stranger.folder, 'pretrained')).toBeLessThan(90e6)
  })
})

describe('where only it is installed', () => {
  it.each(quickTrials.map((trial) => [trial.name, trial] as const))('%s works', async (_, { run }) => {
    expect(await run(stranger)).toBeNull()
  })

  it('its types are right by themselves', () => {
    writeFileSync(
      join(stranger.folder, 'types.ts'),
      "import { loadModel, type Model } from 'atelier'\nimport { cnn } from 'atelier/models'\n" +
        "export const model: Promise<Model> = loadModel('nn')\nexport const names: string[] = cnn().nodes.map((node) => node.name)\n",
    )
    const types = ['--typeRoots', join(root, 'node_modules', '@types'), '--types', 'node']
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', ...types]
    expect(runNode(stranger, [toolScript('tsc'), ...options, 'types.ts']).stdout).toBe('')
  })

  it('says which package to install for what is not there', () => {
    const weights = atelier(stranger, 'predict', 'resnet50', 'photo.png')
    expect([weights.status, weights.stderr]).toEqual([
      ...[2, expect.stringMatching(/Install them beside atelier: npm install atelier-weights-resnet50\n$/)],
    ])
    const check = atelier(stranger, 'export', 'nn', '--format', 'onnx', '--out', 'checked.onnx', '--check')
    expect([check.status, check.stderr]).toEqual([
      ...[1, expect.stringMatching(/npm install onnxruntime-node --ignore-scripts/)],
    ])
    const native = atelier(stranger, 'train', 'nn', '--engine', 'native', '--out', 'runs/native')
    expect([native.status, native.stderr]).toEqual([1, expect.not.stringMatching(/npm run/)])
  })
})

it('asks for the native engine of its own version', () => {
  const packed = JSON.parse(
    readFileSync(join(stranger.folder, 'node_modules', 'atelier', 'package.json'), 'utf8'),
  )
  expect(packed.optionalDependencies).toEqual({ 'atelier-native-linux-x64': manifest.version })
  expect(packed.scripts ?? packed.devDependencies).toBeUndefined()
})
