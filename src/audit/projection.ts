/**
 * Images as unit vectors, and a few coordinates of them that are enough to rule most pairs out.
 *
 * An image minus its mean, divided by its norm, is the same whatever the exposure; the distance of two is
 * sqrt(2 (1 - r)) with their correlation r. Coordinates in an orthonormal basis can only be nearer to each other
 * than the images are, so a pair that is far in them needs no further look.
 */

export interface Projection {
  /** Values an image. */
  readonly size: number
  /** Unit vectors, image after image; a constant image is the zero vector. */
  readonly units: Float32Array
  /** Coordinates an image, that which varies most first. */
  readonly dimensions: number
  readonly coordinates: Float32Array
}

/** Coordinates for each axis: the lowest frequencies, where nearly all of a garment is. */
const FREQUENCIES = 8

export function project(images: Uint8Array, height: number, width: number): Projection {
  const size = height * width
  const units = normalize(images, size)
  const all = lowFrequencies(units, height, width)
  const dimensions = Math.min(height, FREQUENCIES) * Math.min(width, FREQUENCIES)
  return { size, units, dimensions, coordinates: widestFirst(all, dimensions) }
}

function normalize(images: Uint8Array, size: number): Float32Array {
  const units = new Float32Array(images.length)
  for (let from = 0; from < images.length; from += size) {
    let [sum, squares] = [0, 0]
    for (let i = from; i < from + size; i++) {
      const pixel = images[i] as number
      sum += pixel
      squares += pixel * pixel
    }
    const mean = sum / size
    const norm = Math.sqrt(Math.max(squares - sum * mean, 0))
    if (norm === 0) continue
    for (let i = from; i < from + size; i++) units[i] = ((images[i] as number) - mean) / norm
  }
  return units
}

/** The first coefficients of each image's two-dimensional DCT-II, orthonormal: down the columns, then along the rows. */
function lowFrequencies(units: Float32Array, height: number, width: number): Float32Array {
  const [down, along] = [cosines(height), cosines(width)]
  const [rows, columns] = [down.length / height, along.length / width]
  const count = units.length / (height * width)
  const coefficients = new Float32Array(count * rows * columns)
  const half = new Float32Array(rows * width)
  for (let image = 0; image < count; image++) {
    const [from, to] = [image * height * width, image * rows * columns]
    for (let k = 0; k < rows; k++) {
      for (let x = 0; x < width; x++) {
        let sum = 0
        for (let y = 0; y < height; y++) {
          sum += (down[k * height + y] as number) * (units[from + y * width + x] as number)
        }
        half[k * width + x] = sum
      }
      for (let l = 0; l < columns; l++) {
        let sum = 0
        for (let x = 0; x < width; x++)
          sum += (along[l * width + x] as number) * (half[k * width + x] as number)
        coefficients[to + k * columns + l] = sum
      }
    }
  }
  return coefficients
}

function variancesOf(all: Float32Array, dimensions: number): readonly number[] {
  const count = all.length / dimensions
  return Array.from({ length: dimensions }, (_, k) => {
    let sum = 0
    let squares = 0
    for (let i = k; i < all.length; i += dimensions) {
      const value = all[i] as number
      sum += value
      squares += value * value
    }
    return squares / count - (sum / count) ** 2
  })
}

/** [frequencies, n]: sqrt(2 / n) cos(pi (i + 1/2) k / n), and sqrt(1 / n) for k = 0. */
function cosines(n: number): Float32Array {
  return Float32Array.from({ length: Math.min(n, FREQUENCIES) * n }, (_, at) => {
    const [k, i] = [Math.floor(at / n), at % n]
    return k === 0 ? Math.sqrt(1 / n) : Math.sqrt(2 / n) * Math.cos((Math.PI * (i + 0.5) * k) / n)
  })
}

/** The coordinates by falling variance, so that differences show early. */
function widestFirst(all: Float32Array, dimensions: number): Float32Array {
  const variances = variancesOf(all, dimensions)
  const order = Array.from(variances.keys()).sort(
    (a, b) => (variances[b] as number) - (variances[a] as number),
  )
  return all.map((_, i) => {
    const at = i % dimensions
    return all[i - at + (order[at] as number)] as number
  })
}
