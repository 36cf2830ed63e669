/**
 * Weights from elsewhere: a safetensors file with the tensors of a model, `<layer>.<suffix>`, convolutions OIHW and
 * dense layers [out, in]. Files that Atelier exported say themselves of what model they are.
 */
import { z } from 'zod'
import { type LoadedTensor, readSafetensors } from '../checkpoint/safetensors.js'
import { AtelierError, mismatch, UsageError } from '../core/errors.js'
import { parseJson } from '../core/json.js'
import { formatShape, sameShape } from '../core/shape.js'
import type { Values } from '../engine/engine.js'
import { type Graph, parseGraph, weightsOf } from '../graph/graph.js'
import { pixelScaling, type Recipe } from '../recipes/recipe.js'

type PixelStatistics = Recipe['pixels']

export interface WeightsFile {
  readonly file: string
  readonly graph: Graph
  /** What the network sees of a pixel 0 ... 255: scale * pixel + shift. */
  readonly pixels: { readonly scale: number; readonly shift: number }
  readonly weights: ReadonlyMap<string, Values>
}

/** What the caller knows better than the file. */
export interface WeightsFileOptions {
  readonly graph?: Graph | undefined
  /** Mean and deviation of pixels in [0, 1]; pixels as they are where neither the caller nor the file says. */
  readonly pixels?: PixelStatistics | undefined
}

/**
 * Reads the file and holds it to the model: all its tensors and no others, in their shapes.
 *
 * @throws UsageError where nobody says which model it is, AtelierError for a file that does not fit it.
 */
export async function openWeightsFile(
  file: string,
  { graph: given, pixels: statistics }: WeightsFileOptions = {},
): Promise<WeightsFile> {
  const { tensors, metadata } = await readSafetensors(file)
  const graph = given ?? storedGraph(file, metadata.graph)
  const pixels = pixelScaling({ pixels: statistics ?? storedPixels(file, metadata.pixels) })
  checkNames(file, tensors, graph)
  const weights = new Map<string, Values>()
  for (const { name, shape } of weightsOf(graph)) {
    weights.set(name, checkedValues(`${file}, tensor ${name}`, tensors.get(name) as LoadedTensor, shape))
  }
  return { file, graph, pixels, weights }
}

function storedGraph(file: string, text: string | undefined): Graph {
  if (text !== undefined) return parseJson(`${file}, metadata graph`, text, "a model's layers", parseGraph)
  const hint = 'Say of which model the weights are: --model cnn, or --model FILE.ts'
  throw new UsageError(mismatch(file, 'a model in its metadata', 'none', hint))
}

const pixelsSchema = z.object({ mean: z.number(), deviation: z.number().positive() })

function storedPixels(file: string, text: string | undefined): PixelStatistics {
  if (text === undefined) return { mean: 0, deviation: 1 }
  return parseJson(`${file}, metadata pixels`, text, 'a mean and a deviation', (json) =>
    pixelsSchema.parse(json),
  )
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
  const hint = 'docs/export.md says how tensors are named and laid out'
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
