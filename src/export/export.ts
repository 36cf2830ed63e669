/** A trained model as files that other programs load, in any of the formats. */
import { mismatch, UsageError } from '../core/errors.js'
import type { OnnxPrecision } from '../onnx/model.js'
import type { TrainedModel } from '../runs/trained-model.js'
import { type Agreement, type Checker, whyUnchecked } from './check.js'
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
  /** Whether ONNX files are checked; undefined: where that can be done, and `unchecked` hears why it cannot. */
  readonly check: boolean | undefined
  /** Asked for where there are ONNX files to check. */
  readonly checker: () => Promise<Checker>
  readonly unchecked?: (reason: string) => void
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
  const checker = (await isChecked(request)) ? await request.checker() : null
  return format === 'onnx'
    ? exportOnnx(model, out, { precision, activations, checker })
    : exportHuggingFace(model, out, { precision, checker })
}

async function isChecked({ check, unchecked }: ExportRequest): Promise<boolean> {
  if (check === false) return false
  const reason = await whyUnchecked({ asked: check === true })
  if (reason !== null) unchecked?.(reason)
  return reason === null
}
