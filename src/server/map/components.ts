/** The first two principal components of many points. */

export interface Components {
  /** [count, 2]: coordinates along the components. */
  readonly coordinates: Float32Array
  /** Shares of the variance along them. */
  readonly explained: readonly [number, number]
}

/** Rounds of the power method; a map needs no more digits than a screen has pixels. */
const ROUNDS = 60
const COUNT = 2
/** More directions than are wanted make the wanted ones converge sooner. */
const DIRECTIONS = 4

/**
 * Subspace iteration with the covariance C = X'X of the centred points X [count, size], without forming it: each
 * round is V <- orthonormalize(X'(XV)). The directions' signs are such that their largest element is positive, so
 * that a map always looks the same. Lets the event loop turn between rounds.
 */
export async function principalComponents(points: Float32Array, size: number): Promise<Components> {
  const count = points.length / size
  const centred = centre(points, size)
  let total = 0
  for (const value of centred) total += value * value
  const dimensions = Math.min(DIRECTIONS, size)
  let directions = firstDirections(dimensions, size)
  let images: Float64Array[] = []
  for (let round = 0; round < ROUNDS; round++) {
    images = directions.map((direction) => times(centred, direction, count))
    directions = orthonormalize(images.map((image) => timesTransposed(centred, image, size)))
    await new Promise((resolve) => setImmediate(resolve))
  }
  images = directions.map((direction) => times(centred, direction, count))
  const coordinates = new Float32Array(count * COUNT)
  const explained = Array.from({ length: COUNT }, (_, k) => {
    const [direction, image] = [directions[k], images[k]]
    if (direction === undefined || image === undefined || total === 0) return 0
    const sign = Math.sign(direction.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a))) || 1
    image.forEach((value, i) => {
      coordinates[i * COUNT + k] = sign * value
    })
    return Math.min(1, image.reduce((sum, value) => sum + value * value, 0) / total)
  })
  return { coordinates, explained: explained as [number, number] }
}

function centre(points: Float32Array, size: number): Float32Array {
  const count = points.length / size
  const means = new Float64Array(size)
  points.forEach((value, i) => {
    means[i % size] = (means[i % size] as number) + value / count
  })
  return points.map((value, i) => value - (means[i % size] as number))
}

/** Cosines of several frequencies: neither alike nor orthogonal to what points vary by. */
const firstDirections = (dimensions: number, size: number): Float64Array[] =>
  orthonormalize(
    Array.from({ length: dimensions }, (_, k) =>
      Float64Array.from({ length: size }, (_, i) => Math.cos((k + 1) * (i + 1))),
    ),
  )

function times(matrix: Float32Array, vector: Float64Array, rows: number): Float64Array {
  const size = vector.length
  return Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0
    const from = row * size
    for (let i = 0; i < size; i++) sum += (matrix[from + i] as number) * (vector[i] as number)
    return sum
  })
}

function timesTransposed(matrix: Float32Array, vector: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size)
  vector.forEach((weight, row) => {
    const from = row * size
    for (let i = 0; i < size; i++) {
      product[i] = (product[i] as number) + weight * (matrix[from + i] as number)
    }
  })
  return product
}

/** By Gram and Schmidt; a direction that depends on those before it becomes zero. */
function orthonormalize(vectors: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = []
  for (const vector of vectors) {
    const scale = Math.hypot(...vector) || 1
    const rest = vector.map((value) => value / scale)
    for (const other of done) {
      const shared = rest.reduce((sum, value, i) => sum + value * (other[i] as number), 0)
      rest.forEach((value, i) => {
        rest[i] = value - shared * (other[i] as number)
      })
    }
    const norm = Math.hypot(...rest)
    done.push(norm > 1e-10 ? rest.map((value) => value / norm) : rest.fill(0))
  }
  return done
}
