/** Products over windows as calls of kernels: what is packed beforehand, and how threads share the work. */
import type { StepOf, TensorId } from '../../../graph/steps.js'
import { aligned } from '../allocator.js'
import type { Assembler } from '../assembler.js'
import { type Geometry, listBytes, type Order, orderOf, pixelPitch, windowArguments } from './windows.js'

/** Rows of a block: with a piece of the sums (384 values) they fill less than half of a second-level cache. */
const PRODUCT_ROWS = 132
const GRADIENT_ROWS = 256
/** Rows of a gradient that are packed at a time, as in wasm/product-gradient.ts. */
const PACKED_ROWS = 160
/** Values of the sums that are taken at a time, and at most: see wasm/product.ts. */
const PIECE = 384
const LONGEST_PIECE = 576
/** Columns of a panel. */
const PANEL = 8
/** Windows over fewer channels are copied, so that what belongs together lies in one line. */
const FEW_CHANNELS = 8
/** So are rows that lie a multiple of half a page apart, as far as they are not taken whole: their lines fight for the caches. */
const COLLISION = 2048
/** Up to so many rows are multiplied as dot products, if their values are so few that weights read anew stay in the caches. */
const FEW_ROWS = 8
const FEW_VALUES = 8192
/** The balance of blocks of rows that is good enough. */
const BALANCED = 0.9
/** The largest sums that each thread may have of its own. */
const OWN_SUMS = 2 ** 20

type Forward = StepOf<'convolution'> | StepOf<'dense'>
/** What a product reads and writes; no bias: none is added. */
type Product = Pick<Forward, 'src' | 'weights' | 'dst' | 'relu'> & { readonly bias: TensorId | null }

const panelsOf = (columns: number): number => Math.ceil(columns / PANEL)

/** Each thread's memory for a list of windows and what comes behind it, and where the parts are. */
function threadScratch(
  assembler: Assembler,
  g: Geometry,
  order: Order,
  channels: number,
  rest: number,
): readonly number[] {
  const zeroBytes = aligned(4 * channels + 64)
  const list = aligned(listBytes(g, order))
  const bytes = zeroBytes + list + aligned(rest) + 64
  return [assembler.scratch(bytes * assembler.threads), bytes, list, zeroBytes]
}

/** The place of the kept taps in the whole window. */
const firstTap = ({ rows, columns, window }: Geometry): number => rows.first * window[1] + columns.first

/** The share of the threads' time that is work when they share out so many equal pieces. */
const balance = (pieces: number, threads: number): number => pieces / (Math.ceil(pieces / threads) * threads)

/** Whether threads share out the columns of a product's result rather than blocks of its rows. */
function sharesColumns({ blocks }: Order, columns: number, threads: number): boolean {
  const byRows = balance(blocks, threads)
  return blocks === 1 || (byRows < BALANCED && byRows < balance(panelsOf(columns), threads))
}

/** Bytes of the copies that a product reads pieces of its windows from: see wasm/product.ts. */
function copyBytes(g: Geometry, transposed: boolean, order: Order, channels: number): number {
  const taps = g.rows.taps * g.columns.taps
  const few = channels < FEW_CHANNELS && taps > 1 && order.everyTap
  const pitch = 4 * channels * pixelPitch(g, transposed, order)
  const collides = pitch % COLLISION === 0 && pitch > 4 * Math.min(channels, LONGEST_PIECE)
  if (!few && !collides) return 0
  const longest = Math.max(LONGEST_PIECE, Math.min(taps * channels, PIECE))
  return aligned(4 * (order.blockRows + 1)) + order.blockRows * (aligned(4 * longest) + 64)
}

/** Whether the rows of a product are the pixels of `src` as they lie, and few: see wasm/product-dots.ts. */
function isFewRows({ images, channels, rows, columns, window }: Geometry): boolean {
  const plain = [rows, columns].every(
    ({ src, dst, stride, padding }) => src === dst && stride === 1 && padding === 0,
  )
  const count = images * rows.dst * columns.dst
  return (
    plain &&
    window[0] * window[1] === 1 &&
    (count === 1 || (count <= FEW_ROWS && count * channels <= FEW_VALUES))
  )
}

/** dst = [relu](windows of src times weights + bias). */
export const forward = (assembler: Assembler, g: Geometry, step: Forward): void =>
  multiplyWindows(assembler, g, false, step)

/** The gradient of that by src. */
export const backwardData = (
  assembler: Assembler,
  g: Geometry,
  { diffDst, weights, diffSrc }: StepOf<'convolutionBackwardData'> | StepOf<'denseBackwardData'>,
): void =>
  multiplyWindows(assembler, g, true, { src: diffDst, weights, bias: null, dst: diffSrc, relu: false })

function multiplyWindows(assembler: Assembler, g: Geometry, transposed: boolean, step: Product): void {
  const { relu } = step
  const [src, weights, bias, dst] = [step.src, step.weights, step.bias, step.dst].map((id) =>
    assembler.address(id),
  ) as [number, number, number, number]
  const fixed = assembler.isFixed(step.weights)
  const taps = g.rows.taps * g.columns.taps
  const [channels, out] = transposed ? [g.out, g.channels] : [g.channels, g.out]
  if (!transposed && isFewRows(g)) {
    const count = g.images * g.rows.dst * g.columns.dst
    assembler.call('dots', src, count, channels, weights, out, bias, dst, relu ? 1 : 0)
    return
  }
  const order = orderOf(g, transposed, PRODUCT_ROWS, channels < FEW_CHANNELS)
  const windowTaps = g.window[0] * g.window[1]
  const [outer, inner] = [g.channels * windowTaps, windowTaps]
  const [nStride, kStride] = transposed ? [inner, outer] : [outer, inner]
  const byColumns = sharesColumns(order, out, assembler.threads)
  const alone = byColumns && windowTaps === 1 && !fixed
  let panels = 0
  if (!alone) {
    const bytes = 4 * PANEL * panelsOf(out) * taps * channels
    panels = fixed ? assembler.kept(bytes) : assembler.scratch(bytes)
    const packing = [
      weights,
      panels,
      out,
      channels,
      nStride,
      kStride,
      firstTap(g),
      g.rows.taps,
      g.columns.taps,
    ]
    assembler[fixed ? 'prepare' : 'call']('packWeights', ...packing, g.window[1])
  }
  const copies = copyBytes(g, transposed, order, channels)
  const rest = copies + (alone ? 4 * PANEL * LONGEST_PIECE : 0)
  assembler.call(
    'product',
    ...windowArguments(g, transposed, order),
    ...threadScratch(assembler, g, order, channels, rest),
    ...[src, channels, dst, out, panels, weights, nStride, kStride, bias],
    ...[relu ? 1 : 0, copies, byColumns ? 1 : 0],
  )
}

/** The gradients of that by weights and bias. */
export function backwardWeights(
  assembler: Assembler,
  g: Geometry,
  step: StepOf<'convolutionBackwardWeights'> | StepOf<'denseBackwardWeights'>,
): void {
  const [src, diffDst, diffWeights, diffBias] = [step.src, step.diffDst, step.diffWeights, step.diffBias].map(
    (id) => assembler.address(id),
  ) as [number, number, number, number]
  const { threads } = assembler
  const { channels, out } = g
  const taps = g.rows.taps * g.columns.taps
  const windowTaps = g.window[0] * g.window[1]
  const flat = channels < FEW_CHANNELS && taps > 1
  const order = orderOf(g, false, GRADIENT_ROWS, flat)
  const sumsBytes = aligned(4 * out * taps * channels + 64)
  const byRows = order.blocks >= 4 * threads && sumsBytes <= OWN_SUMS && threads > 1
  const biasBytes = byRows ? aligned(4 * out + 64) : 0
  const direct = !byRows && windowTaps === 1
  const parts = byRows ? threads : 1
  const sums = direct ? diffWeights : assembler.scratch(parts * sumsBytes)
  const biasSums = byRows ? assembler.scratch(parts * biasBytes) : diffBias
  const packed = 4 * order.blockRows * (PANEL + Math.min(out, PACKED_ROWS))
  assembler.call(
    'productGradient',
    ...windowArguments(g, false, order),
    ...threadScratch(assembler, g, order, channels, packed),
    ...[src, channels, diffDst, out, sums, byRows ? sumsBytes : 0, biasSums, biasBytes, flat ? 1 : 0],
  )
  if (direct) return
  assembler.call(
    'addSums',
    ...[sums, byRows ? sumsBytes : 0, parts, out, channels, firstTap(g), g.rows.taps, g.columns.taps],
    ...[windowTaps, g.window[1], diffWeights, biasSums, biasBytes, diffBias],
  )
}
