/** ONNX files as others read them: by onnxruntime, and by the checker of Debian's python3-onnx. */
import { spawnSync } from 'node:child_process'
import { fromBinary } from '@bufbuild/protobuf'
import { type ModelProto, ModelProtoSchema } from 'onnx-buf'
import { InferenceSession, Tensor } from 'onnxruntime-node'

export interface OnnxResult {
  readonly dims: readonly number[]
  readonly data: Float32Array
}

/** Runs a model on f32 images [count, channels, height, width]; the results of all its outputs, by name. */
export async function runOnnx(
  model: Uint8Array,
  images: Float32Array,
  dims: readonly number[],
): Promise<ReadonlyMap<string, OnnxResult>> {
  const session = await InferenceSession.create(model, { logSeverityLevel: 3, intraOpNumThreads: 2 })
  const results = await session.run({ pixel_values: new Tensor('float32', images, dims) })
  await session.release()
  const found = Object.entries(results).map(
    ([name, { dims, data }]) => [name, { dims, data: data as Float32Array }] as const,
  )
  return new Map(found)
}

export const decodeOnnx = (model: Uint8Array): ModelProto => fromBinary(ModelProtoSchema, model)

const python = '/usr/bin/python3'

/** Whether Debian's ONNX package is at hand. */
export const hasChecker = spawnSync(python, ['-c', 'import onnx']).status === 0

/** What the checker, with shape inference, says against a file; empty where it is content. */
export function checkerComplaints(file: string): string {
  const program = `import onnx, sys; onnx.checker.check_model(${JSON.stringify(file)}, full_check=True)`
  const { status, stderr } = spawnSync(python, ['-c', program], { encoding: 'utf8' })
  return status === 0 ? '' : stderr
}
