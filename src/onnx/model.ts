/**
 * A model as an ONNX file: `pixel_values` [batch, channels, height, width] in [0, 1] to `logits` [batch, classes],
 * everything between in the graph, Batch Normalization as nodes of its own. Weights and layers keep their names.
 */

import type { Shape } from '../core/shape.js'
import { classCountOf, type Graph, type GraphNode, inputShapeOf, weightsOfNode } from '../graph/graph.js'
import type { PixelScaling } from '../graph/pixel-scaling.js'
import { imageShape } from '../graph/spatial.js'
import { OnnxBuilder, type OnnxPrecision, type Value } from './builder.js'
import { batchOf, DataType, encodeModel, type ValueInfoProto } from './messages.js'
import { onnxRuleOf } from './rules.js'

export type { OnnxPrecision } from './builder.js'

export const onnxInput = 'pixel_values'
export const onnxOutput = 'logits'

export interface OnnxSource {
  readonly graph: Graph
  /** By `<layer>.<suffix>`, in their logical layouts. */
  readonly weights: ReadonlyMap<string, Float32Array | Float64Array>
  /** The network sees scale * pixel + shift, pixels being 0 ... 255. */
  readonly scaling: PixelScaling
}

export interface OnnxOptions {
  readonly precision?: OnnxPrecision
  /** Takes images in red, green and blue, whose luma (ITU-R BT.601) the network sees; for graphs of one channel. */
  readonly rgb?: boolean
  /** Every layer's result is an output too, under the layer's name, images as NCHW. */
  readonly activations?: boolean
  readonly description?: string
  /** Texts for whoever reads the file. */
  readonly metadata?: Readonly<Record<string, string>>
}

/** Shares of red, green and blue in the luma; their sum is 1, so that a gray image stays what it is. */
const luma = [0.299, 0.587, 0.114]

/**
 * The bytes of the file. Activations and weights are in the precision, input and output always f32. The last layer's
 * result is called `logits`, every other's as the layer.
 */
export function encodeOnnx(source: OnnxSource, options: OnnxOptions = {}): Uint8Array<ArrayBuffer> {
  const { precision = 'f32', rgb = false, activations = false, description = '', metadata = {} } = options
  const { graph } = source
  const builder = new OnnxBuilder(precision, onnxInput)
  const [height, width, channels] = imageShape(inputShapeOf(graph))
  const input = batchOf(onnxInput, [rgb ? 3 : channels, height, width], DataType.FLOAT)
  const values = [preprocess(builder, source, rgb)]
  for (const node of graph.nodes.slice(1)) values.push(writeNode(builder, source, node, values))
  const result = writeLogits(builder, values.at(-1) as Value)
  const outputs = [batchOf(result, [classCountOf(graph)], DataType.FLOAT)]
  if (activations) outputs.push(...activationOutputs(builder, graph))
  const { nodes, initializers } = builder
  return encodeModel({
    name: graph.name,
    description,
    metadata,
    nodes,
    initializers,
    inputs: [input],
    outputs,
  })
}

/** From `pixel_values` to what the first layer sees. */
function preprocess(builder: OnnxBuilder, { graph, scaling }: OnnxSource, rgb: boolean): Value {
  let value: Value = onnxInput
  if (builder.dataType !== DataType.FLOAT) value = builder.cast(value, 'pixels/half', builder.dataType)
  if (rgb)
    value = builder.emit('pixels/gray', 'Conv', [value, builder.constant('pixels/luma', [1, 3, 1, 1], luma)])
  const scale = builder.constant('pixels/scale', [], [255 * scaling.scale])
  const shift = builder.constant('pixels/shift', [], [scaling.shift])
  const scaled = builder.emit('pixels/scaled', 'Mul', [value, scale])
  return builder.emit((graph.nodes[0] as GraphNode).name, 'Add', [scaled, shift])
}

function writeNode(
  builder: OnnxBuilder,
  source: OnnxSource,
  node: GraphNode,
  values: readonly Value[],
): Value {
  const { graph } = source
  const specs = weightsOfNode(graph, node)
  const inputs = node.inputs.map((i) => values[i] as Value)
  const result = onnxRuleOf(node.op)({
    params: node.params,
    inputs,
    inputShapes: node.inputs.map((i) => (graph.nodes[i] as GraphNode).shape),
    weight: (suffix) => {
      const spec = specs.find((candidate) => candidate.suffix === suffix)
      const weights = spec && source.weights.get(spec.name)
      if (!spec || !weights) throw new Error(`${node.name} has no weight ${suffix}`)
      return suffix === 'weight'
        ? builder.kernel(spec.name, spec.shape, weights)
        : builder.constant(spec.name, spec.shape, weights)
    },
    emit: (opType, operands, attributes) =>
      builder.emit(`${node.name}/${opType}`, opType, operands, attributes),
  })
  // A layer that does nothing here, as dropout, hands its input on; the last one's result gets the file's name.
  return inputs.includes(result) || node === graph.nodes.at(-1) ? result : builder.rename(result, node.name)
}

function writeLogits(builder: OnnxBuilder, last: Value): Value {
  return builder.dataType === DataType.FLOAT
    ? builder.rename(last, onnxOutput)
    : builder.cast(last, onnxOutput, DataType.FLOAT)
}

/** Of all layers that compute something. */
function activationOutputs(builder: OnnxBuilder, graph: Graph): ValueInfoProto[] {
  const names = new Set(builder.nodes.map(({ name }) => name))
  return graph.nodes
    .filter(({ name }) => names.has(name))
    .map(({ name, shape }) => builder.valueInfo(name, planar(shape)))
}

/** Channels first. */
function planar(shape: Shape): Shape {
  const [height, width, channels] = shape
  return shape.length === 3 ? [channels as number, height as number, width as number] : shape
}
