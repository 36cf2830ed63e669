/** The messages of ONNX's protobuf schema (https://onnx.ai/onnx/repo-docs/IR.html), made with few words. */
import { create, toBinary } from '@bufbuild/protobuf'
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf'
import type { Shape } from '../core/shape.js'
import { atelierVersion } from '../core/version.js'

export { type AttributeProto as Attribute, DataType, type NodeProto, type TensorProto, type ValueInfoProto }

/** The operators' version, and that of the file format which goes with it. */
export const opset = 17
const irVersion = 8

export const int = (name: string, value: number): AttributeProto =>
  create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) })
export const ints = (name: string, values: readonly number[]): AttributeProto =>
  create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: values.map(BigInt) })
export const float = (name: string, value: number): AttributeProto =>
  create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value })

export function node(
  name: string,
  opType: string,
  input: readonly string[],
  attribute: readonly AttributeProto[],
): NodeProto {
  return create(NodeProtoSchema, {
    name,
    opType,
    input: [...input],
    output: [name],
    attribute: [...attribute],
  })
}

/** A tensor of constants; the bytes are its values in the order of the shape, little-endian. */
export function tensor(
  name: string,
  shape: Shape,
  dataType: DataType,
  values: ArrayBufferView<ArrayBuffer>,
): TensorProto {
  const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return create(TensorProtoSchema, { name, dims: shape.map(BigInt), dataType, rawData })
}

/** An input or output: any number of images, each of that shape. */
export function batchOf(name: string, shape: Shape, elemType: DataType): ValueInfoProto {
  const dim = [
    { value: { case: 'dimParam', value: 'batch' } } as const,
    ...shape.map((extent) => ({ value: { case: 'dimValue', value: BigInt(extent) } }) as const),
  ]
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType, shape: { dim } } } },
  })
}

export interface ModelParts {
  readonly name: string
  readonly description: string
  readonly nodes: readonly NodeProto[]
  readonly initializers: readonly TensorProto[]
  readonly inputs: readonly ValueInfoProto[]
  readonly outputs: readonly ValueInfoProto[]
  readonly metadata: Readonly<Record<string, string>>
}

/** The bytes of a whole file. */
export function encodeModel(parts: ModelParts): Uint8Array<ArrayBuffer> {
  const { name, description, metadata } = parts
  const model = create(ModelProtoSchema, {
    irVersion: BigInt(irVersion),
    opsetImport: [{ domain: '', version: BigInt(opset) }],
    producerName: 'atelier',
    producerVersion: atelierVersion(),
    docString: description,
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: create(GraphProtoSchema, {
      name,
      node: [...parts.nodes],
      initializer: [...parts.initializers],
      input: [...parts.inputs],
      output: [...parts.outputs],
    }),
  })
  return toBinary(ModelProtoSchema, model)
}
