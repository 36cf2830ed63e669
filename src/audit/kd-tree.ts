/** A k-d tree: points halved again and again along the axis on which they lie widest. */

export interface TreeNode {
  /** Its points in the tree's order. */
  readonly from: number
  readonly to: number
  /** The box around them, on the axes that the tree knows. */
  readonly low: Float32Array
  readonly high: Float32Array
  /** None for a leaf. */
  readonly children?: readonly [TreeNode, TreeNode]
}

/** Points in a leaf, at most. */
const LEAF = 32
/** Axes of the boxes, at most: the first ones. */
const AXES = 16

/** Puts `order`, the numbers of points, into the order of the tree. `coordinates` holds `dimensions` values a point. */
export function buildTree(order: Uint32Array, coordinates: Float32Array, dimensions: number): TreeNode {
  const axes = Math.min(AXES, dimensions)
  const at = (point: number, axis: number): number => coordinates[point * dimensions + axis] as number
  const build = (from: number, to: number): TreeNode => {
    const points = order.subarray(from, to)
    const [low, high] = boxOf(points, axes, at)
    if (to - from <= LEAF) return { from, to, low, high }
    const axis = widest(low, high)
    points.sort((a, b) => at(a, axis) - at(b, axis) || a - b)
    const middle = from + Math.floor((to - from) / 2)
    return { from, to, low, high, children: [build(from, middle), build(middle, to)] }
  }
  return build(0, order.length)
}

function boxOf(
  points: Uint32Array,
  axes: number,
  at: (point: number, axis: number) => number,
): [low: Float32Array, high: Float32Array] {
  const low = new Float32Array(axes).fill(Number.POSITIVE_INFINITY)
  const high = new Float32Array(axes).fill(Number.NEGATIVE_INFINITY)
  for (const point of points) {
    for (let axis = 0; axis < axes; axis++) {
      low[axis] = Math.min(low[axis] as number, at(point, axis))
      high[axis] = Math.max(high[axis] as number, at(point, axis))
    }
  }
  return [low, high]
}

function widest(low: Float32Array, high: Float32Array): number {
  const extents = high.map((value, axis) => value - (low[axis] as number))
  return extents.indexOf(Math.max(...extents))
}

/** No point of one box is nearer to one of the other than this. */
export function boxDistance(a: TreeNode, b: TreeNode): number {
  let sum = 0
  for (let axis = 0; axis < a.low.length; axis++) {
    const gap = Math.max(
      (a.low[axis] as number) - (b.high[axis] as number),
      (b.low[axis] as number) - (a.high[axis] as number),
      0,
    )
    sum += gap * gap
  }
  return Math.sqrt(sum)
}
