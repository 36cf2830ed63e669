/** Trained models as files for other programs. */

import { type Dataset, loadDataset } from '../data/dataset.js'
import type { Agreement } from '../export/check.js'
import { exportModel as write } from '../export/export.js'
import type { ExportFormat } from '../export/formats.js'
import type { OnnxPrecision } from '../onnx/model.js'
import { dataOf } from '../runs/run-folder.js'
import { loadedModel, type Model } from './model.js'

export interface ExportOptions {
  readonly format: ExportFormat
  /** The file; of huggingface the folder. */
  readonly out: string
  /** Of weights and activations, `int8` of kernels alone; f32 by default. */
  readonly precision?: OnnxPrecision
  /** Of an ONNX file: every layer's result is an output too. */
  readonly activations?: boolean
  /**
   * Whether ONNX files are compared with the engine on the test images before they are written; by default where the
   * package onnxruntime-node is installed.
   */
  readonly check?: boolean
  /** For the check; by default as for `evaluate`. */
  readonly dataset?: Dataset
}

/** As `atelier export`: how the check went, null where there was none. Throws as the command does. */
export async function exportModel(model: Model, options: ExportOptions): Promise<Agreement | null> {
  const { trained, engine } = loadedModel(model)
  const { format, out, precision = 'f32', activations = false, check } = options
  const checker = async () => ({
    dataset: options.dataset ?? (await loadDataset({ data: dataOf(trained) })),
    engine,
  })
  return write(trained, { format, out, precision, activations, check, checker })
}
