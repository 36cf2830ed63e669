// What other programs make of exported models, as rows of a Markdown table (docs/export.md): onnxruntime in each
// precision, the checker of ONNX and PyTorch (where /usr/bin/python3 has them), and transformers.js.
//
//   npx --no-install jiti scripts/check-exports.ts nn dnn cnn
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env, pipeline } from '@huggingface/transformers'
import sharp from 'sharp'
import { exportModel, loadDataset, loadModel, type Model, predict } from '#atelier/index.js'
import { root, say } from './lib/shell.mjs'

/** Image files for transformers.js. */
const FILES = 100
const PYTHON = '/usr/bin/python3'

const percent = (share: number) => `${(100 * share).toFixed(2)} %`

const names = process.argv.slice(2)
if (names.length === 0) {
  say('Usage: npx --no-install jiti scripts/check-exports.ts MODEL...')
  process.exit(2)
}
const dataset = await loadDataset()
const folder = mkdtempSync(join(tmpdir(), 'atelier-exports-'))
try {
  const columns = [
    'Size',
    'Same class',
    'Largest difference',
    'Accuracy, engine',
    'Accuracy, file',
    'Checker',
  ]
  say(`| Model | File | ${columns.join(' | ')} |`)
  say('| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |')
  for (const [index, name] of names.entries()) await check(name, join(folder, `model-${index}`))
} finally {
  rmSync(folder, { recursive: true })
}

async function check(name: string, path: string): Promise<void> {
  const model = await loadModel(name)
  for (const precision of ['f32', 'f16', 'int8'] as const) {
    const out = `${path}-${precision}.onnx`
    const found = await exportModel(model, { format: 'onnx', precision, out, dataset })
    if (!found) throw new Error(`${out} was not checked`)
    const { sameClass, n, largestDifference, largestLogit, engineAccuracy, accuracy } = found
    const cells = [
      `${(statSync(out).size / 1e6).toPrecision(3)} MB`,
      `${sameClass} of ${n}`,
      `${largestDifference.toExponential(1)} (${(largestDifference / Math.max(1, largestLogit)).toExponential(0)})`,
      percent(engineAccuracy),
      percent(accuracy),
      onnxChecker(out),
    ]
    say(`| \`${model.name}\` | ONNX ${precision} | ${cells.join(' | ')} |`)
  }
  for (const precision of ['f32', 'f16'] as const) {
    const out = `${path}-${precision}.safetensors`
    await exportModel(model, { format: 'safetensors', precision, out })
    say(`PyTorch, ${precision}: ${pytorch(out)}`)
  }
  const out = `${path}-hugging-face`
  await exportModel(model, { format: 'huggingface', out, dataset })
  const graphs = join(out, 'onnx')
  for (const file of readdirSync(graphs)) say(`Checker, ${file}: ${onnxChecker(join(graphs, file))}`)
  say(`transformers.js: ${await transformersOf(model, out)}`)
  model.close()
}

function onnxChecker(file: string): string {
  const program = 'import sys, onnx; onnx.checker.check_model(sys.argv[1], full_check=True)'
  return python(['-c', program, file], () => 'passed')
}

function pytorch(file: string): string {
  const args = ['examples/load_safetensors.py', file, '--data', dataset.directory]
  return python(args, (output) => output.trim())
}

function python(args: readonly string[], answer: (output: string) => string): string {
  const { status, stdout, stderr } = spawnSync(PYTHON, args, { cwd: root, encoding: 'utf8' })
  if (status === 0) return answer(stdout)
  return /No module named/.test(stderr) || status === null ? 'not at hand' : `failed: ${stderr.trim()}`
}

/** Of test images as PNG files, how many get the engine's class, and how far the probabilities are apart at most. */
async function transformersOf(model: Model, out: string): Promise<string> {
  env.allowRemoteModels = false
  env.localModelPath = folder
  const classify = await pipeline('image-classification', out.slice(folder.length + 1), { dtype: 'fp32' })
  const size = dataset.height * dataset.width
  const raw = { width: dataset.width, height: dataset.height, channels: 1 } as const
  const images = Array.from({ length: FILES }, (_, i) => dataset.test.images.slice(i * size, (i + 1) * size))
  const expected = await predict(model, images)
  let [same, apart] = [0, 0]
  for (const [i, { class: name, logits }] of expected.entries()) {
    const file = join(folder, 'image.png')
    await sharp(images[i], { raw }).png().toFile(file)
    const [best] = await classify(file, { top_k: 1 })
    if (!best) throw new Error(`transformers.js gives no class for ${file}`)
    const most = Math.max(...logits)
    const probability = 1 / logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0)
    if (best.label === name) same++
    apart = Math.max(apart, Math.abs(best.score - probability))
  }
  await classify.dispose()
  return `${same} of ${FILES} files the same class, probabilities within ${apart.toExponential(0)}`
}
