/** How each op is written in ONNX. Leaving one out is a compile error. Images are NCHW there, kernels OIHW. */
import type { Shape } from '../core/shape.js'
import type { Activation } from '../graph/ops/activation.js'
import type { OpKind, OpParams } from '../graph/registry.js'
import { imageShape, paddingOf } from '../graph/spatial.js'
import type { Value } from './builder.js'
import { type Attribute, float, int, ints } from './messages.js'

/** What a rule may ask of the file that is being written. */
export interface OnnxScope<Params> {
  readonly params: Params
  readonly inputs: readonly Value[]
  /** Of one image in the logical view: height, width, channels. */
  readonly inputShapes: readonly Shape[]
  /** The layer's weight of that suffix; a kernel may come as bytes and be made floats by the graph. */
  weight(suffix: string): Value
  /** Emits a node and returns its result. */
  emit(opType: string, inputs: readonly Value[], attributes?: readonly Attribute[]): Value
}

/** Emits the layer's nodes and returns its result. */
export type OnnxRule<Params> = (scope: OnnxScope<Params>) => Value

export const onnxRules: { readonly [K in OpKind]: OnnxRule<OpParams[K]> } = {
  input: () => {
    throw new Error('the file itself rescales the images')
  },

  conv2d: (scope) => {
    const { kernel, strides, padding, activation } = scope.params
    const pads = paddingOf(soleShape(scope), kernel, strides, padding)
    const sum = scope.emit(
      'Conv',
      [soleValue(scope), scope.weight('weight'), scope.weight('bias')],
      [ints('kernel_shape', kernel), ints('strides', strides), ints('pads', pads)],
    )
    return activated(scope, sum, activation)
  },

  dense: (scope) => {
    const operands = [soleValue(scope), scope.weight('weight'), scope.weight('bias')]
    return activated(scope, scope.emit('Gemm', operands, [int('transB', 1)]), scope.params.activation)
  },

  batchNormalization: (scope) => {
    const { epsilon, activation } = scope.params
    const weights = ['gamma', 'beta', 'mean', 'variance'].map((suffix) => scope.weight(suffix))
    const operands = [soleValue(scope), ...weights]
    const normalized = scope.emit('BatchNormalization', operands, [float('epsilon', epsilon)])
    return activated(scope, normalized, activation)
  },

  relu: (scope) => scope.emit('Relu', [soleValue(scope)]),

  maxPooling2d: (scope) => {
    const { window, strides, padding } = scope.params
    // What is padded counts as minus infinity, in ONNX too.
    const pads = paddingOf(soleShape(scope), window, strides, padding)
    const attributes = [ints('kernel_shape', window), ints('strides', strides), ints('pads', pads)]
    return scope.emit('MaxPool', [soleValue(scope)], attributes)
  },

  globalAveragePooling2d: (scope) => {
    const means = scope.emit('GlobalAveragePool', [soleValue(scope)])
    return scope.emit('Flatten', [means], [int('axis', 1)])
  },

  /** Inference drops nothing. */
  dropout: (scope) => soleValue(scope),

  add: (scope) => activated(scope, scope.emit('Add', scope.inputs), scope.params.activation),

  /** In the order h, w, c, so that weights stay as they are; one channel or one pixel lies alike in both orders. */
  flatten: (scope) => {
    const shape = soleShape(scope)
    const [height, width, channels] = shape.length === 3 ? imageShape(shape) : [1, 1, 1]
    const alike = channels === 1 || height * width === 1
    const image = soleValue(scope)
    const ordered = alike ? image : scope.emit('Transpose', [image], [ints('perm', [0, 2, 3, 1])])
    return scope.emit('Flatten', [ordered], [int('axis', 1)])
  },
}

/** The rule of an op whose kind is known only when the program runs; its parameters go with its kind. */
export function onnxRuleOf(kind: OpKind): OnnxRule<unknown> {
  return onnxRules[kind] as OnnxRule<unknown>
}

const soleValue = ({ inputs }: OnnxScope<unknown>): Value => inputs[0] as Value
const soleShape = ({ inputShapes }: OnnxScope<unknown>): Shape => inputShapes[0] as Shape

function activated(scope: OnnxScope<unknown>, value: Value, activation: Activation): Value {
  return activation === 'relu' ? scope.emit('Relu', [value]) : value
}
