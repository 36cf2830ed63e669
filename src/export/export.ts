/** A trained model as files that other programs load, in any of the formats. */
import { mismatch, UsageError } from '../core/errors.js'
import type { OnnxPrecision } from '../onnx/model.js'
import type { TrainedModel } from '../runs/trained-model.js'
import type { Agreement, Checker } from './check.js'
import type { ExportFormat } from './formats.js'
import { exportHuggingFace } from './huggingface/folder.js'
import { exportOnnx } from './onnx.js'
import { exportSafetensors } from './safetensors.js'

export interface ExportRequest {
  readonly format: ExportFormat
  /** The file; of huggingface the folder. */
  readonly out: string
  readonly precision: OnnxPrecision
  /** Of an ONNX file: every layer's result is an output too. */
  readonly activations: boolean
  /** Asked for where there are ONNX files to check; null: they are written unchecked. */
  readonly checker: (() => Promise<Checker>) | null
}

/**
 * Writes the files; how the check of the ONNX file in that precision went, null where there was none.
 *
 * @throws UsageError for a precision or activations that the format does not have, AtelierError for a file that fails
 * its check: then nothing is written.
 */
export async function exportModel(model: TrainedModel, request: ExportRequest): Promise<Agreement | null> {
  const { format, out, precision, activations } = request
  if (format !== 'onnx' && activations) {
    throw new UsageError(mismatch('--activations', '--format onnx', `--format ${format}`))
  }
  if (format === 'safetensors') {
    if (precision === 'int8') {
      throw new UsageError(mismatch('--precision', 'f32 or f16 for --format safetensors', precision))
    }
    await exportSafetensors(model, out, precision)
    return null
  }
  const checker = request.checker && (await request.checker())
  return format === 'onnx'
    ? exportOnnx(model, out, { precision, activations, checker })
    : exportHuggingFace(model, out, { precision, checker })
}
