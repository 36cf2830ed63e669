/** Collects the nodes and constants of one ONNX graph, in the precision that was asked for. */
import { floatsToHalves } from '../checkpoint/half.js'
import { AtelierError, messageOf, mismatch } from '../core/errors.js'
import type { Shape } from '../core/shape.js'
import {
  type Attribute,
  batchOf,
  DataType,
  int,
  type NodeProto,
  node,
  type TensorProto,
  tensor,
  type ValueInfoProto,
} from './messages.js'
import { quantize } from './quantize.js'

/** f16: weights and activations; int8: the kernels of convolutions and dense layers alone. */
export type OnnxPrecision = 'f32' | 'f16' | 'int8'

/** The name of a tensor in the ONNX graph. */
export type Value = string

export class OnnxBuilder {
  readonly nodes: NodeProto[] = []
  readonly initializers: TensorProto[] = []
  private readonly names = new Set<string>()

  /** The names that are taken: those of the file's inputs. */
  constructor(
    private readonly precision: OnnxPrecision,
    ...taken: readonly string[]
  ) {
    for (const name of taken) this.claim(name)
  }

  /** The type of weights and activations. */
  get dataType(): DataType {
    return this.precision === 'f16' ? DataType.FLOAT16 : DataType.FLOAT
  }

  /** A node of one result, which has the node's name. */
  emit(name: string, opType: string, inputs: readonly Value[], attributes: readonly Attribute[] = []): Value {
    this.claim(name)
    this.nodes.push(node(name, opType, inputs, attributes))
    return name
  }

  /** Constants in the type of activations. */
  constant(name: string, shape: Shape, values: ArrayLike<number>): Value {
    return this.store(name, shape, this.dataType, this.encode(name, values))
  }

  /** A kernel, output channels first: as `constant`, or as bytes that the graph itself turns into floats. */
  kernel(name: string, shape: Shape, values: ArrayLike<number>): Value {
    if (this.precision !== 'int8') return this.constant(name, shape, values)
    const channels = shape[0] as number
    const quantized = quantize(values, channels)
    const inputs = [
      this.store(`${name}/int8`, shape, DataType.INT8, quantized.values),
      this.store(`${name}/scale`, [channels], DataType.FLOAT, quantized.scales),
      this.store(`${name}/zero`, [channels], DataType.INT8, new Int8Array(channels)),
    ]
    return this.emit(name, 'DequantizeLinear', inputs, [int('axis', 0)])
  }

  /** The same values in another type. */
  cast(value: Value, name: string, to: DataType): Value {
    return this.emit(name, 'Cast', [value], [int('to', to)])
  }

  /** A value's name is its producer's; nobody reads it yet. */
  rename(value: Value, name: string): Value {
    const producer = this.nodes.find(({ output }) => output[0] === value)
    if (!producer) throw new Error(`no node gives ${value}`)
    if (value !== name) this.claim(name)
    producer.name = name
    producer.output = [name]
    return name
  }

  valueInfo(value: Value, shape: Shape): ValueInfoProto {
    return batchOf(value, shape, this.dataType)
  }

  private encode(name: string, values: ArrayLike<number>): ArrayBufferView<ArrayBuffer> {
    const floats = Float32Array.from(values)
    if (this.precision !== 'f16') return floats
    try {
      return floatsToHalves(floats)
    } catch (error) {
      const hint = 'Export it with --precision f32'
      throw new AtelierError(mismatch(`Weight ${name}`, 'values that f16 can hold', messageOf(error), hint))
    }
  }

  private store(name: string, shape: Shape, type: DataType, values: ArrayBufferView<ArrayBuffer>): Value {
    this.claim(name)
    this.initializers.push(tensor(name, shape, type, values))
    return name
  }

  /** Nodes, results and constants share one space of names. */
  private claim(name: string): void {
    if (this.names.has(name)) {
      const expected = 'a name that nothing else in the ONNX file has'
      throw new AtelierError(
        mismatch('Name of a layer', expected, name, 'Give the layer another with { name }'),
      )
    }
    this.names.add(name)
  }
}
