/**
 * Grad-CAM (Selvaraju et al. 2017, arXiv 1610.02391): where the features of a convolutional net speak for a class. With
 * A a layer's activations [h, w, c], B those of a black image and G the gradient of the class's log-odds by A,
 * map = relu(blur(sum over c of G (A - B))).
 *
 * The paper averages G over h and w. Here each place keeps its own gradient, as in HiResCAM (Draelos and Carin 2020,
 * arXiv 2011.08891), and counts by what it adds to a black image: docs/explain.md has what that gains.
 */
import type { Graph, GraphNode } from '../../graph/graph.js'

/** Rows and columns below which a map would show nothing of the image's parts. */
const SMALLEST = 7

/**
 * The layer to look at: the last rectified image of at least 7 x 7 pixels, as later ones say more of classes and less
 * of places (cnn's last convolution, resnet50's first stage); null in a model without such.
 */
export function gradCamLayer({ nodes }: Graph): string | null {
  return nodes.findLast((node) => isRectified(node) && isLarge(node))?.name ?? null
}

const isRectified = ({ op, params }: GraphNode): boolean =>
  op === 'relu' || (params as { activation?: string | null }).activation === 'relu'

function isLarge({ shape }: GraphNode): boolean {
  const [height = 0, width = 0] = shape
  return shape.length === 3 && Math.min(height, width) >= SMALLEST
}

export interface CamOperands {
  /** [h, w, c] each: of the image, of a black image, and the gradient at the image. */
  readonly activations: Float32Array
  readonly black: Float32Array
  readonly gradients: Float32Array
}

/** The map [h, w] of a layer of shape [h, w, c]. */
export function gradCam(
  { activations, black, gradients }: CamOperands,
  [height, width, channels]: readonly [number, number, number],
): Float32Array {
  const map = new Float32Array(height * width)
  gradients.forEach((gradient, i) => {
    const place = Math.floor(i / channels)
    const gain = (activations[i] as number) - (black[i] as number)
    map[place] = (map[place] as number) + gradient * gain
  })
  return blur(map, height, width).map((value) => Math.max(0, value))
}

/**
 * Weights 1 2 1 along both axes, nothing beyond the edges. A layer behind may read every other place only, as those
 * behind resnet50's first stage do: the places between get the means of their neighbours.
 */
function blur(map: Float32Array, height: number, width: number): Float32Array {
  const at = (values: Float32Array, row: number, column: number): number =>
    row < 0 || row >= height || column < 0 || column >= width ? 0 : (values[row * width + column] as number)
  const along = (values: Float32Array, down: 0 | 1): Float32Array =>
    values.map((value, place) => {
      const [row, column] = [Math.floor(place / width), place % width]
      const [before, after] = [
        at(values, row - down, column - 1 + down),
        at(values, row + down, column + 1 - down),
      ]
      return (before + 2 * value + after) / 4
    })
  return along(along(map, 0), 1)
}
