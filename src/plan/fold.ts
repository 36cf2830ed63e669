/**
 * Batch Normalization folded into its neighbours, for inference. With given statistics it is scale x + shift by
 * channel, where scale = gamma / sqrt(variance + epsilon) and shift = beta - scale mean, so that it joins
 *   - the convolution or dense layer before it, if that has no activation: scale W and scale b + shift;
 *   - else the dense layer behind it, with only dropout and flatten between: W scale and b + W shift.
 * A convolution behind it cannot take the shift, since the zeros of its padding are not shifted.
 */
import type { Graph, GraphNode } from '../graph/graph.js'
import type { BatchNormalizationParams } from '../graph/ops/batch-normalization.js'
import { bypass, readersOf, replace } from './rewrite.js'

/** One Batch Normalization that a layer has taken over, by its output channels or by its inputs. */
export interface Fold {
  readonly by: 'outputs' | 'inputs'
  readonly layer: string
  readonly normalization: string
  readonly epsilon: number
}

export interface FoldedGraph {
  /** The same function of the images, given the weights of `foldWeights`. */
  readonly graph: Graph
  /** In the order in which they are to be applied. */
  readonly folds: readonly Fold[]
}

export function foldNormalizations(graph: Graph): FoldedGraph {
  const folds: Fold[] = []
  let { nodes } = graph
  for (let index = 1; index < nodes.length; ) {
    const folded = foldAt(nodes, index)
    if (folded) {
      nodes = folded.nodes
      folds.push(folded.fold)
    } else index++
  }
  return { graph: { name: graph.name, nodes }, folds }
}

/** The nodes without the Batch Normalization at `index`, and who took it over; null where nobody can. */
function foldAt(
  nodes: readonly GraphNode[],
  index: number,
): { nodes: readonly GraphNode[]; fold: Fold } | null {
  const node = nodes[index] as GraphNode
  if (node.op !== 'batchNormalization') return null
  const { epsilon, activation } = node.params as BatchNormalizationParams
  const from = node.inputs[0] as number
  const before = nodes[from] as GraphNode
  const common = { normalization: node.name, epsilon }
  if (isLinearLayer(before) && readersOf(nodes, from).length === 1) {
    const joined = { ...before, params: { ...(before.params as object), activation } }
    const fold: Fold = { by: 'outputs', layer: before.name, ...common }
    return { nodes: bypass(replace(nodes, from, joined), index, from), fold }
  }
  const dense = activation ? null : denseBehind(nodes, index)
  if (!dense) return null
  return { nodes: bypass(nodes, index, from), fold: { by: 'inputs', layer: dense.name, ...common } }
}

const isLinearLayer = ({ op, params }: GraphNode): boolean =>
  (op === 'conv2d' || op === 'dense') && !(params as { activation?: string | null }).activation

/** The dense layer that alone reads this node's values, as they are in inference. */
function denseBehind(nodes: readonly GraphNode[], index: number): GraphNode | null {
  const [reader, ...others] = readersOf(nodes, index)
  if (!reader || others.length > 0) return null
  if (reader.op === 'dense') return reader
  return reader.op === 'dropout' || reader.op === 'flatten' ? denseBehind(nodes, nodes.indexOf(reader)) : null
}

type Floats = Float32Array | Float64Array

/**
 * The weights of a folded graph from those of the graph itself, both by `<layer>.<suffix>` in their logical
 * layouts; sums are taken in f64. What needs no change is handed on, not copied.
 */
export function foldWeights(
  folds: readonly Fold[],
  weights: ReadonlyMap<string, Floats>,
): ReadonlyMap<string, Floats> {
  const folded = new Map(weights)
  for (const fold of folds) {
    const { scale, shift } = affineOf(fold, weights)
    const kernel = (folded.get(`${fold.layer}.weight`) as Floats).slice()
    const bias = (folded.get(`${fold.layer}.bias`) as Floats).slice()
    if (fold.by === 'outputs') foldOutputs(kernel, bias, scale, shift)
    else foldInputs(kernel, bias, scale, shift)
    folded.set(`${fold.layer}.weight`, kernel).set(`${fold.layer}.bias`, bias)
  }
  return folded
}

interface Affine {
  readonly scale: Float64Array
  readonly shift: Float64Array
}

function affineOf({ normalization, epsilon }: Fold, weights: ReadonlyMap<string, Floats>): Affine {
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'mean', 'variance'].map(
    (suffix) => weights.get(`${normalization}.${suffix}`) as Floats,
  ) as [Floats, Floats, Floats, Floats]
  const scale = Float64Array.from(gamma, (g, c) => g / Math.sqrt((variance[c] as number) + epsilon))
  const shift = Float64Array.from(beta, (b, c) => b - (scale[c] as number) * (mean[c] as number))
  return { scale, shift }
}

/** Output channels come first in every kernel. */
function foldOutputs(kernel: Floats, bias: Floats, scale: Float64Array, shift: Float64Array): void {
  const size = kernel.length / bias.length
  for (let o = 0; o < bias.length; o++) {
    const factor = scale[o] as number
    bias[o] = factor * (bias[o] as number) + (shift[o] as number)
    for (let i = o * size; i < (o + 1) * size; i++) kernel[i] = factor * (kernel[i] as number)
  }
}

/** [out, in]: an image's values come in the order h, w, c, so that the channels take turns. */
function foldInputs(kernel: Floats, bias: Floats, scale: Float64Array, shift: Float64Array): void {
  const features = kernel.length / bias.length
  for (let o = 0; o < bias.length; o++) {
    let sum = bias[o] as number
    for (let pixel = o * features; pixel < (o + 1) * features; pixel += scale.length) {
      for (let c = 0; c < scale.length; c++) {
        const weight = kernel[pixel + c] as number
        sum += weight * (shift[c] as number)
        kernel[pixel + c] = weight * (scale[c] as number)
      }
    }
    bias[o] = sum
  }
}
