/**
 * The nearest pairs of many images, exactly, without comparing all of them: a k-d tree over coordinates that can
 * only understate distances. Pairs of nodes whose boxes are too far apart are passed over whole.
 */
import { boxDistance, buildTree, type TreeNode } from './kd-tree.js'
import type { Projection } from './projection.js'

export interface NearPair {
  /** Images by their numbers, a < b. */
  readonly a: number
  readonly b: number
  readonly distance: number
}

/** The nearest pairs so far, at most so many. */
class NearestList {
  private pairs: NearPair[] = []
  /** Pairs at this distance or farther need not be added. */
  reach = Number.POSITIVE_INFINITY

  constructor(private readonly most: number) {}

  add(pair: NearPair): void {
    if (pair.distance >= this.reach) return
    this.pairs.push(pair)
    // Sorting seldom is cheaper than keeping order, and the reach is only ever too wide.
    if (this.pairs.length >= 2 * this.most) this.trim()
  }

  trim(): readonly NearPair[] {
    this.pairs.sort((x, y) => x.distance - y.distance || x.a - y.a || x.b - y.b)
    this.pairs.length = Math.min(this.pairs.length, this.most)
    if (this.pairs.length === this.most) this.reach = (this.pairs.at(-1) as NearPair).distance
    return this.pairs
  }
}

/**
 * For pairs within the group 0, of both groups, and within the group 1, the `most` nearest, the nearest first.
 * `groups` holds 0 or 1 for each image; images of `left` take no part.
 */
export function nearestPairs(
  projection: Projection,
  groups: Uint8Array,
  left: ReadonlySet<number>,
  most: number,
): readonly (readonly NearPair[])[] {
  const search = new Search(projection, groups, left, most)
  search.run()
  return search.lists.map((list) => list.trim())
}

class Search {
  readonly lists: readonly NearestList[]
  private readonly root: TreeNode
  /** The images in the order of the tree, with their groups and coordinates. */
  private readonly order: Uint32Array
  private readonly groups: Uint8Array
  private readonly rows: Float32Array

  constructor(
    private readonly projection: Projection,
    groups: Uint8Array,
    left: ReadonlySet<number>,
    most: number,
  ) {
    this.lists = [0, 1, 2].map(() => new NearestList(most))
    const { coordinates, dimensions } = projection
    this.order = Uint32Array.from(groups.keys()).filter((image) => !left.has(image))
    this.root = buildTree(this.order, coordinates, dimensions)
    this.groups = Uint8Array.from(this.order, (image) => groups[image] as number)
    this.rows = new Float32Array(this.order.length * dimensions)
    this.order.forEach((image, i) => {
      this.rows.set(coordinates.subarray(image * dimensions, (image + 1) * dimensions), i * dimensions)
    })
  }

  run(): void {
    // Near pairs are mostly within a leaf: from the beginning, the lists are full and their reach is short.
    this.withinLeaves(this.root)
    for (const list of this.lists) list.trim()
    this.between(this.root, this.root)
  }

  private get widest(): number {
    return Math.max(...this.lists.map(({ reach }) => reach))
  }

  private withinLeaves(node: TreeNode): void {
    if (node.children) for (const child of node.children) this.withinLeaves(child)
    else this.compareAll(node, node)
  }

  private between(a: TreeNode, b: TreeNode): void {
    if (a === b) {
      if (!a.children) return
      const [left, right] = a.children
      this.between(left, left)
      this.between(left, right)
      this.between(right, right)
      return
    }
    if (boxDistance(a, b) >= this.widest) return
    const splitA = a.children && (!b.children || a.to - a.from >= b.to - b.from)
    if (splitA) for (const child of a.children) this.between(child, b)
    else if (b.children) for (const child of b.children) this.between(a, child)
    else this.compareAll(a, b)
  }

  /** Each image of a leaf with each of another, or with those after it in the same. */
  private compareAll(a: TreeNode, b: TreeNode): void {
    const { rows, groups } = this
    const { dimensions } = this.projection
    for (let i = a.from; i < a.to; i++) {
      for (let j = a === b ? i + 1 : b.from; j < b.to; j++) {
        const list = this.lists[(groups[i] as number) + (groups[j] as number)] as NearestList
        const bound = list.reach * list.reach
        if (squaredDistance(rows, dimensions, i, j, bound) < bound) this.compare(i, j, list)
      }
    }
  }

  /** By all pixels. */
  private compare(i: number, j: number, list: NearestList): void {
    const [p, q] = [this.order[i] as number, this.order[j] as number]
    const { units, size } = this.projection
    const squared = squaredDistance(units, size, p, q, list.reach ** 2)
    list.add({ a: Math.min(p, q), b: Math.max(p, q), distance: Math.sqrt(squared) })
  }
}

/** Exact below `bound`; from there on only known to be no less. */
function squaredDistance(values: Float32Array, size: number, a: number, b: number, bound: number): number {
  const from = a * size
  const other = b * size
  let sum = 0
  for (let i = 0; i < size && sum < bound; i++) {
    const difference = (values[from + i] as number) - (values[other + i] as number)
    sum += difference * difference
  }
  return sum
}
