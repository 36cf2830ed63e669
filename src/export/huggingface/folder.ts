/** A folder as Hugging Face keeps models, which transformers.js loads. */
import { join } from 'node:path'
import { writeFileAtomically } from '../../core/files.js'
import type { OnnxPrecision } from '../../onnx/model.js'
import type { TrainedModel } from '../../runs/trained-model.js'
import type { Agreement, Checker } from '../check.js'
import { readTestFigures } from '../metadata.js'
import { type CheckedOnnx, checkedOnnx } from '../onnx.js'
import { exportSafetensors } from '../safetensors.js'
import { modelCard } from './card.js'
import { modelConfig, preprocessorConfig } from './config.js'

/** The names under which transformers.js looks for its dtypes fp32, fp16 and q8. */
const onnxFiles: Readonly<Record<OnnxPrecision, string>> = {
  f32: 'model.onnx',
  f16: 'model_fp16.onnx',
  int8: 'model_quantized.onnx',
}

/**
 * Writes the f32 graph, and one of lower precision beside it where it is asked for, after both passed their checks.
 * The result is how the check of the lower one went.
 */
export async function exportHuggingFace(
  model: TrainedModel,
  folder: string,
  { precision, checker }: { readonly precision: OnnxPrecision; readonly checker: Checker | null },
): Promise<Agreement | null> {
  const precisions = new Set<OnnxPrecision>(['f32', precision])
  const files = new Map<string, CheckedOnnx>()
  for (const each of precisions) {
    files.set(onnxFiles[each], await checkedOnnx(model, { precision: each, rgb: true, checker }))
  }
  const write = (file: string, content: string | Uint8Array): Promise<void> =>
    writeFileAtomically(join(folder, file), content)
  const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`
  for (const [file, { bytes }] of files) await write(join('onnx', file), bytes)
  await exportSafetensors(model, join(folder, 'model.safetensors'), 'f32')
  await write('config.json', json(modelConfig(model)))
  await write('preprocessor_config.json', json(preprocessorConfig(model)))
  const test = await readTestFigures(model)
  await write('README.md', modelCard({ model, test, onnxFiles: [...files.keys()] }))
  return files.get(onnxFiles[precision])?.agreement ?? null
}
