/** The names of what can be exported. */
import type { OnnxPrecision } from '../onnx/model.js'

export const exportFormats = ['onnx', 'safetensors', 'huggingface'] as const
export type ExportFormat = (typeof exportFormats)[number]

export const exportPrecisions = ['f32', 'f16', 'int8'] as const satisfies readonly OnnxPrecision[]
