/**
 * A file of weights: a model's tensors by `<layer>.<suffix>`, convolutions OIHW and dense layers [out, in]. What Atelier
 * writes says in its metadata of what model it is and how the network wants pixels standardized.
 */
import { z } from 'zod'
import type { LoadedTensor, SafetensorsFile, StoredTensor } from '../../checkpoint/safetensors.js'
import { AtelierError, mismatch } from '../../core/errors.js'
import { parseJson } from '../../core/json.js'
import { parseBy } from '../../core/schema.js'
import { formatShape, type Shape, sameShape } from '../../core/shape.js'
import type { Values } from '../../engine/engine.js'
import { type Graph, parseGraph, storeGraph, weightsOf } from '../../graph/graph.js'
import type { Recipe } from '../../recipes/recipe.js'

/** Mean and deviation of pixels in [0, 1]. */
export type PixelStatistics = Recipe['pixels']

/** What it takes to use weights; null where nobody says. */
export interface WeightsDescription {
  readonly graph: Graph | null
  readonly pixels: PixelStatistics | null
}

export function weightsMetadata(
  model: string,
  graph: Graph,
  pixels: PixelStatistics,
): Readonly<Record<string, string>> {
  return {
    model,
    format: 'atelier',
    graph: JSON.stringify(storeGraph(graph)),
    pixels: JSON.stringify(pixels),
  }
}

const pixelsSchema = z.object({ mean: z.number(), deviation: z.number().positive() })

/** What a file's metadata say. */
export function parseDescription(
  file: string,
  { graph, pixels }: SafetensorsFile['metadata'],
): WeightsDescription {
  return {
    graph:
      graph === undefined
        ? null
        : parseJson(`${file}, metadata graph`, graph, "a model's layers", parseGraph),
    pixels:
      pixels === undefined
        ? null
        : parseJson(`${file}, metadata pixels`, pixels, 'a mean and a deviation', (json) =>
            parseBy(pixelsSchema, json),
          ),
  }
}

export const shapesOf = (graph: Graph): ReadonlyMap<string, Shape> =>
  new Map(weightsOf(graph).map(({ name, shape }) => [name, shape]))

/** Values as a file of f32 tensors takes them. */
export function floatTensors(
  values: ReadonlyMap<string, Values>,
  shapes: ReadonlyMap<string, Shape>,
): Map<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>()
  for (const [name, data] of values) {
    const shape = shapes.get(name) ?? [data.length]
    tensors.set(name, { shape, data: data instanceof Float32Array ? data : Float32Array.from(data) })
  }
  return tensors
}

/** Those of a file's tensors that have these names, in these shapes. */
export function parseTensors(
  file: string,
  tensors: SafetensorsFile['tensors'],
  shapes: ReadonlyMap<string, Shape>,
): Map<string, Values> {
  const values = new Map<string, Values>()
  for (const [name, shape] of shapes) {
    const tensor = tensors.get(name)
    if (!tensor) throw new AtelierError(mismatch(file, `a tensor ${name}`, 'none of that name'))
    if (!sameShape(tensor.shape, shape) || !(tensor.data instanceof Float32Array)) {
      const found = tensor.data instanceof Float32Array ? 'floating-point' : 'whole-number'
      const expected = `floating-point ${formatShape(shape)}`
      const received = `${found} ${formatShape(tensor.shape)}`
      throw new AtelierError(mismatch(`${file}, tensor ${name}`, expected, received))
    }
    values.set(name, tensor.data)
  }
  return values
}

/** Weights from elsewhere: all tensors of the model and no others, in their shapes, finite. */
export function parseForeignWeights(
  file: string,
  tensors: SafetensorsFile['tensors'],
  graph: Graph,
): Map<string, Values> {
  checkNames(file, tensors, graph)
  const weights = new Map<string, Values>()
  for (const { name, shape } of weightsOf(graph)) {
    weights.set(name, checkedValues(`${file}, tensor ${name}`, tensors.get(name) as LoadedTensor, shape))
  }
  return weights
}

function checkNames(file: string, tensors: ReadonlyMap<string, unknown>, graph: Graph): void {
  const wanted = new Set(weightsOf(graph).map(({ name }) => name))
  const missing = [...wanted].filter((name) => !tensors.has(name))
  const extra = [...tensors.keys()].filter((name) => !wanted.has(name))
  if (missing.length === 0 && extra.length === 0) return
  const received = [
    ...(missing.length > 0 ? [`a file without ${listed(missing)}`] : []),
    ...(extra.length > 0 ? [`one with ${listed(extra)}, which the model does not have`] : []),
  ].join(' and ')
  const hint = 'docs/export.md, which is part of Atelier, says how tensors are named and laid out'
  throw new AtelierError(mismatch(file, `the ${wanted.size} tensors of model ${graph.name}`, received, hint))
}

const shown = 3
const listed = (names: readonly string[]): string =>
  names.length > shown
    ? `${names.slice(0, shown).join(', ')} and ${names.length - shown} more`
    : names.join(', ')

function checkedValues(
  subject: string,
  { data, shape, dtype }: LoadedTensor,
  wanted: readonly number[],
): Values {
  if (!sameShape(shape, wanted)) {
    const hint =
      wanted.length > 1 && sameShape([...shape].sort(), [...wanted].sort())
        ? 'Its axes are in another order: kernels are [out, in, height, width], dense layers [out, in]'
        : undefined
    throw new AtelierError(mismatch(subject, formatShape(wanted), formatShape(shape), hint))
  }
  if (!(data instanceof Float32Array || data instanceof Float64Array)) {
    throw new AtelierError(mismatch(subject, 'floating-point numbers', dtype))
  }
  if (!data.every(Number.isFinite)) {
    throw new AtelierError(mismatch(subject, 'finite numbers', 'infinity or NaN among them'))
  }
  return Float32Array.from(data)
}
