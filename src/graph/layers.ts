/**
 * Models as lists of layers, the way Keras users write them:
 *
 *     sequential('tiny', input(28, 28, 1), conv2d(8, 3, { activation: 'relu' }), flatten(), dense(10))
 *
 * A layer gets its name from its kind and a count (conv2d_1, conv2d_2, ...), or by `{ name }`.
 */
import { AtelierError } from '../core/errors.js'
import { parseBy } from '../core/schema.js'
import { type Graph, type NodeSpec, resolveGraph } from './graph.js'
import type { Activation } from './ops/activation.js'
import { type OpKind, type OpParams, ops } from './registry.js'
import type { PaddingMode } from './spatial.js'
import type { Pair } from './steps.js'

type OpLayer = {
  [K in OpKind]: { readonly op: K; readonly params: OpParams[K]; readonly name?: string }
}[OpKind]

export interface ResidualLayer {
  readonly main: readonly Layer[]
  readonly shortcut: readonly Layer[]
  readonly name: string
}
export type Layer = OpLayer | ResidualLayer

type Extent = number | Pair
interface Named {
  /** Instead of the automatic name; must be the model's only one. */
  readonly name?: string
}

const pair = (extent: Extent): Pair => (typeof extent === 'number' ? [extent, extent] : extent)

function layer<K extends OpKind>(op: K, params: OpParams[K], { name }: Named): Layer {
  return {
    op,
    params: parseBy<unknown>(ops[op].schema, params, [op]),
    ...(name === undefined ? {} : { name }),
  } as OpLayer
}

/** The first layer: height, width and channels of an image. */
export function input(...shape: readonly number[]): Layer {
  return layer('input', { shape }, { name: 'input' })
}

/** Two-dimensional convolution. Strides 1, padding 'same' and no activation unless told. */
export function conv2d(
  filters: number,
  kernel: Extent,
  options: Named & { strides?: Extent; padding?: PaddingMode; activation?: Activation } = {},
): Layer {
  const { strides = 1, padding = 'same', activation = null } = options
  return layer(
    'conv2d',
    { filters, kernel: pair(kernel), strides: pair(strides), padding, activation },
    options,
  )
}

/** Fully connected layer of so many units. */
export function dense(units: number, options: Named & { activation?: Activation } = {}): Layer {
  return layer('dense', { units, activation: options.activation ?? null }, options)
}

/** Batch Normalization over the last axis; Keras's momentum 0.99 and epsilon 1e-3 unless told. */
export function batchNormalization(
  options: Named & { momentum?: number; epsilon?: number; activation?: Activation } = {},
): Layer {
  const { momentum = 0.99, epsilon = 1e-3, activation = null } = options
  return layer('batchNormalization', { momentum, epsilon, activation }, options)
}

export function relu(options: Named = {}): Layer {
  return layer('relu', {}, options)
}

/** Maximum over windows. Strides as the window and padding 'valid' unless told. */
export function maxPooling2d(
  window: Extent,
  options: Named & { strides?: Extent; padding?: PaddingMode } = {},
): Layer {
  const { strides = window, padding = 'valid' } = options
  return layer('maxPooling2d', { window: pair(window), strides: pair(strides), padding }, options)
}

export function globalAveragePooling2d(options: Named = {}): Layer {
  return layer('globalAveragePooling2d', {}, options)
}

/** Sets a share `rate` of the elements to zero in training. */
export function dropout(rate: number, options: Named = {}): Layer {
  return layer('dropout', { rate }, options)
}

/** An image as one vector, in the order h, w, c. */
export function flatten(options: Named = {}): Layer {
  return layer('flatten', {}, options)
}

/** The sum of two paths from the same place; an empty shortcut is the identity. */
export function residual(name: string, main: readonly Layer[], shortcut: readonly Layer[] = []): Layer {
  return { name, main, shortcut }
}

/** Turns layers into nodes, counting kinds for the automatic names (inside a residual, within its name). */
class Builder {
  readonly specs: NodeSpec[] = []

  constructor(private readonly model: string) {}

  chain(layers: readonly Layer[], from: number | null, prefix = ''): number {
    const counts = new Map<string, number>()
    let last = from
    for (const item of layers) {
      if ('main' in item) last = this.residual(item, last, prefix)
      else {
        const { baseName } = ops[item.op]
        const count = (counts.get(baseName) ?? 0) + 1
        counts.set(baseName, count)
        const name = prefix + (item.name ?? `${baseName}_${count}`)
        last = this.node({ name, op: item.op, params: item.params, inputs: last === null ? [] : [last] })
      }
    }
    if (last === null)
      throw new AtelierError(`Model ${this.model}: expected at least an input, received no layers`)
    return last
  }

  private residual(item: ResidualLayer, from: number | null, prefix: string): number {
    const name = prefix + item.name
    const main = this.chain(item.main, from, `${name}_`)
    const shortcut = this.chain(item.shortcut, from, `${name}_shortcut_`)
    return this.node({
      name: `${name}_add`,
      op: 'add',
      params: { activation: null },
      inputs: [main, shortcut],
    })
  }

  private node(spec: NodeSpec): number {
    if (this.specs.some(({ name }) => name === spec.name)) {
      throw new AtelierError(
        `Model ${this.model}: expected every layer's name once, received ${spec.name} twice`,
      )
    }
    if ((spec.op === 'input') !== (this.specs.length === 0)) {
      throw new AtelierError(
        `Model ${this.model}: expected input(...) as the first layer and nowhere else, received ${spec.op} as number ${this.specs.length + 1}`,
      )
    }
    return this.specs.push(spec) - 1
  }
}

/** A model of that name: the layers one after another. */
export function sequential(name: string, ...layers: readonly Layer[]): Graph {
  const builder = new Builder(name)
  builder.chain(layers, null)
  return resolveGraph(name, builder.specs)
}
