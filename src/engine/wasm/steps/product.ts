/** Products over windows as calls of kernels: what is packed beforehand, and how threads share the work. */
import { aligned } from '../allocator.js'
import type { Assembler } from '../assembler.js'
import { type Geometry, listBytes, type Order, orderOf, windowArguments } from './windows.js'

/** Rows of a block: with a piece of the sums (384 values) they fill less than half of a second-level cache. */
const PRODUCT_ROWS = 132
const GRADIENT_ROWS = 256
/** Rows of a gradient that are packed at a time, as in wasm/product-gradient.ts. */
const PACKED_ROWS = 160
/** Values of a panel that a thread packs for itself: the longest piece of wasm/product.ts. */
const LONGEST_PIECE = 576
/** Columns of a panel. */
const PANEL = 8
/** Pixels with fewer channels are laid out window by window. */
const FEW_CHANNELS = 8
/** The largest sums that each thread may have of its own. */
const OWN_SUMS = 2 ** 20

const panelsOf = (columns: number): number => Math.ceil(columns / PANEL)

/** Addresses of a product's operands; `bias` 0 where there is none. */
export interface Operands {
  readonly src: number
  readonly weights: number
  readonly bias: number
  readonly dst: number
  readonly relu: boolean
}

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

/**
 * dst = [relu](windows of src times weights + bias), or, transposed, the gradient by src of that: `src` is then the
 * gradient of the result.
 */
export function multiplyWindows(
  assembler: Assembler,
  g: Geometry,
  transposed: boolean,
  { src, weights, bias, dst, relu }: Operands,
): void {
  const taps = g.rows.taps * g.columns.taps
  const [channels, out] = transposed ? [g.out, g.channels] : [g.channels, g.out]
  const gather = channels < FEW_CHANNELS && taps > 1 && !transposed
  const order = orderOf(g, transposed, PRODUCT_ROWS, gather)
  const windowTaps = g.window[0] * g.window[1]
  const [outer, inner] = [g.channels * windowTaps, windowTaps]
  const [nStride, kStride] = transposed ? [inner, outer] : [outer, inner]
  const byColumns =
    (order.blocks < 4 * assembler.threads && order.blocks % assembler.threads !== 0) || order.blocks === 1
  const alone = byColumns && windowTaps === 1
  let panels = 0
  if (!alone) {
    panels = assembler.scratch(4 * PANEL * panelsOf(out) * taps * channels)
    const kept = [firstTap(g), g.rows.taps, g.columns.taps, g.window[1]]
    assembler.call('packWeights', weights, panels, out, channels, nStride, kStride, ...kept)
  }
  const rest = Math.max(
    gather ? 4 * order.blockRows * taps * channels : 0,
    alone ? 4 * PANEL * LONGEST_PIECE : 0,
  )
  assembler.call(
    'product',
    ...windowArguments(g, transposed, order),
    ...[src, channels, dst, out, panels, weights, nStride, kStride, bias],
    ...[relu ? 1 : 0, gather ? 1 : 0, byColumns ? 1 : 0],
    ...threadScratch(assembler, g, order, channels, rest),
  )
}

/** Addresses of a gradient's operands. */
export interface GradientOperands {
  readonly src: number
  readonly diffDst: number
  readonly diffWeights: number
  readonly diffBias: number
}

/** The gradients by weights and bias. */
export function multiplyGradients(
  assembler: Assembler,
  g: Geometry,
  { src, diffDst, diffWeights, diffBias }: GradientOperands,
): void {
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
    ...[src, channels, diffDst, out, sums, byRows ? sumsBytes : 0, biasSums, biasBytes, flat ? 1 : 0],
    ...threadScratch(assembler, g, order, channels, packed),
  )
  if (direct) return
  assembler.call(
    'addSums',
    ...[sums, byRows ? sumsBytes : 0, parts, out, channels, firstTap(g), g.rows.taps, g.columns.taps],
    ...[windowTaps, g.window[1], diffWeights, biasSums, biasBytes, diffBias],
  )
}
