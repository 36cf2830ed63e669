/** A trained model as an ONNX file. */
import { writeFileAtomically } from '../core/files.js'
import { encodeOnnx, type OnnxPrecision } from '../onnx/model.js'
import type { TrainedModel } from '../runs/trained-model.js'
import { type Agreement, type Checker, checkOnnx } from './check.js'
import { describeModel, readTestFigures } from './metadata.js'

export interface OnnxExport {
  readonly precision: OnnxPrecision
  /** Takes color images, as transformers.js feeds them. */
  readonly rgb?: boolean
  /** Every layer's result is an output, too. */
  readonly activations?: boolean
  /** Null: the file is not checked. */
  readonly checker: Checker | null
}

export interface CheckedOnnx {
  readonly bytes: Uint8Array
  /** How the check went; null where there was none. */
  readonly agreement: Agreement | null
}

/** The bytes of the file. Throws as `checkOnnx` does where it fails its check. */
export async function checkedOnnx(model: TrainedModel, options: OnnxExport): Promise<CheckedOnnx> {
  const { precision, rgb = false, activations = false, checker } = options
  const { graph, scaling, name } = model
  const weights = await model.readWeights()
  const description = `${name}: an image classifier (${model.classes.join(', ')}) trained by Atelier`
  const metadata = { ...describeModel(model, await readTestFigures(model)), precision }
  const texts = { description, metadata }
  const bytes = encodeOnnx({ graph, weights, scaling }, { precision, rgb, activations, ...texts })
  return { bytes, agreement: checker && (await checkOnnx(model, { bytes, precision, rgb }, checker)) }
}

/** Writes the file, unless it fails its check. */
export async function exportOnnx(
  model: TrainedModel,
  path: string,
  options: OnnxExport,
): Promise<Agreement | null> {
  const { bytes, agreement } = await checkedOnnx(model, options)
  await writeFileAtomically(path, bytes)
  return agreement
}
