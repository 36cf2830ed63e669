import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { atelier } from '../../../test/support/command-line.js'
import { temporaryFolder } from '../../../test/support/folder.js'
import { decodeOnnx } from '../../../test/support/onnx.js'
import { releasedWeights } from '../../../test/support/released-weights.js'
import { finishedRun } from '../../../test/support/run.js'
import { readSafetensors } from '../../checkpoint/safetensors.js'
import { loadDataset } from '../../data/dataset.js'
import { createReferenceEngine } from '../../engine/reference/engine.js'
import { scoreRun } from '../../evaluate/score.js'
import { parseGraph } from '../../graph/graph.js'
import type { TrainedModel } from '../../runs/trained-model.js'
import { writeWeights } from '../../runs/weights.js'
import { initializeWeights } from '../../train/initialize.js'

async function prepared() {
  const folder = await temporaryFolder()
  const { run, weights } = await finishedRun(folder, { holdOut: 0 })
  const exporting = (format: string, out: string, ...flags: string[]) =>
    atelier('export', run.directory, '--format', format, '--out', out, '--engine', 'reference', ...flags)
  return { folder, run, weights, exporting }
}

/** Writes metrics.json. */
async function scoreOf(run: TrainedModel): Promise<void> {
  const dataset = await loadDataset({ data: run.record.data.directory })
  const history = [
    {
      ...{ epoch: 1, loss: 1, accuracy: 0.5, val_loss: null, val_accuracy: null },
      ...{ learning_rate: 0.1, images_per_second: 1, seconds: 1 },
    },
  ]
  await scoreRun(run, dataset, createReferenceEngine(), { history, seconds: 1 })
}

describe('atelier export', () => {
  it('writes an ONNX file, says how it was checked, and what is in it', async () => {
    const { folder, run, exporting } = await prepared()
    const out = join(folder, 'linear.onnx')
    const { code, stdout, stderr } = await exporting('onnx', out)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(
      /^Wrote .*linear.onnx: linear as onnx, f32\nonnxruntime gives the class of the reference engine for 30 of 30 test images; logits differ by \S+ at most\nTest accuracy [\d.]+ % /,
    )
    const { metadataProps, graph } = decodeOnnx(await readFile(out))
    const metadata = Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]))
    expect(metadata).toMatchObject({ model: 'linear', precision: 'f32', seed: '1', classes: '["0","1","2"]' })
    expect(JSON.parse(metadata.pixels ?? '')).toEqual(run.record.recipe.pixels)
    expect(metadata.data).toBe('other files than the official Fashion-MNIST')
    expect(graph?.output.map(({ name }) => name)).toEqual(['logits'])
  })

  it('writes the weights of the best epoch, of which the test figures are not', async () => {
    const { folder, run, exporting } = await prepared()
    const best = initializeWeights(run.graph, 2)
    await writeWeights(run, 'best', best)
    await scoreOf(run)
    const out = join(folder, 'linear.safetensors')
    expect((await exporting('safetensors', out)).code).toBe(0)
    expect((await readSafetensors(out)).metadata.test_accuracy_f32).toBeDefined()
    expect((await exporting('safetensors', out, '--weights', 'best')).code).toBe(0)
    const { tensors, metadata } = await readSafetensors(out)
    expect(tensors.get('dense_1.weight')?.data).toEqual(best.get('dense_1.weight'))
    expect(metadata.test_accuracy_f32).toBeUndefined()
  })

  it('answers with stable keys, and writes activations and lower precisions', async () => {
    const { folder, exporting } = await prepared()
    const out = join(folder, 'linear.onnx')
    const { stdout } = await exporting('onnx', out, '--json', '--precision', 'f16', '--activations')
    const answer = JSON.parse(stdout)
    expect(Object.keys(answer)).toEqual(['model', 'format', 'precision', 'out', 'check'])
    expect(Object.keys(answer.check)).toEqual([
      ...['n', 'engine', 'sameClass', 'largestDifference', 'largestLogit', 'engineAccuracy', 'accuracy'],
    ])
    expect(answer).toMatchObject({ model: 'linear', format: 'onnx', precision: 'f16', out })
    const { graph } = decodeOnnx(await readFile(out))
    expect(graph?.output.map(({ name }) => name)).toEqual(['logits', 'input', 'flatten_1'])
    const unchecked = await exporting('onnx', out, '--json', '--no-check')
    expect(JSON.parse(unchecked.stdout).check).toBeNull()
  })

  it('writes safetensors that say what they are', async () => {
    const { folder, run, weights, exporting } = await prepared()
    const out = join(folder, 'linear.safetensors')
    expect((await exporting('safetensors', out)).code).toBe(0)
    const { tensors, metadata } = await readSafetensors(out)
    expect(new Map([...tensors].map(([name, { data }]) => [name, data]))).toEqual(weights)
    expect(parseGraph(JSON.parse(metadata.graph ?? ''))).toEqual(run.graph)
    expect((await exporting('safetensors', out, '--precision', 'f16')).code).toBe(0)
    expect((await readSafetensors(out)).tensors.get('dense_1.weight')?.dtype).toBe('F16')
  })

  it('writes a folder for Hugging Face', async () => {
    const { folder, exporting } = await prepared()
    const out = join(folder, 'linear')
    expect((await exporting('huggingface', out, '--precision', 'int8')).code).toBe(0)
    expect((await readdir(out, { recursive: true })).sort()).toEqual([
      ...['README.md', 'config.json', 'model.safetensors', 'onnx', 'onnx/model.onnx'],
      ...['onnx/model_quantized.onnx', 'preprocessor_config.json'],
    ])
    const config = JSON.parse(await readFile(join(out, 'config.json'), 'utf8'))
    expect(config).toMatchObject({ model_type: 'resnet', num_channels: 3, id2label: { 0: '0', 2: '2' } })
    const card = await readFile(join(out, 'README.md'), 'utf8')
    expect(card).toMatch(/^---\nlibrary_name: transformers.js\n/)
    expect(card).toContain("Python's `transformers` cannot load this folder.")
    // Whose licence it is to choose, and on what it was measured, is not ours to say.
    expect(card).not.toMatch(/license:|zalando/)
  })

  it('takes released weights, whose card says more', async () => {
    const { folder, run } = await prepared()
    const [released, out] = [join(folder, 'released'), join(folder, 'linear')]
    await releasedWeights(released, run)
    const result = await atelier('export', released, '--format', 'huggingface', '--out', out, '--no-check')
    expect(result.code).toBe(0)
    const card = await readFile(join(out, 'README.md'), 'utf8')
    expect(card).toContain('license: mit')
    expect(card).toContain('| Temperature | 1.5: divide the logits by it')
  })

  it.each([
    [['--format', 'onnx'], /Required option '--out <path>' not specified/],
    [['--out', 'out'], /Required option '--format <name>' not specified/],
    [['--format', 'pb', '--out', 'out'], /--format: expected onnx, safetensors or huggingface, received pb/],
    [
      ['--format', 'safetensors', '--precision', 'int8', '--out', 'out'],
      /--precision: expected f32 or f16 for --format safetensors, received int8/,
    ],
    [
      ['--format', 'huggingface', '--activations', '--out', 'out'],
      /--activations: expected --format onnx, received --format huggingface/,
    ],
  ])('refuses %j', async (flags, message) => {
    const { folder, run } = await prepared()
    const placed = flags.map((flag) => (flag === 'out' ? join(folder, 'out') : flag))
    const result = await atelier('export', run.directory, ...placed)
    expect(result).toMatchObject({ code: 2, stderr: expect.stringMatching(message) })
    expect(existsSync(join(folder, 'out'))).toBe(false)
  })
})
