/**
 * Grad-CAM (Selvaraju et al. 2017, arXiv 1610.02391): where the features of a convolutional net speak for a class. On
 * the way from a black image to the given one, in steps of equal size, let A be a layer's activations [h, w, c] and G
 * the gradient of the class's log-odds by A. The map is relu(sum over steps and c of mean(G) (A' - A)), where A' is A
 * at the end of a step, and the mean is of G at its two ends.
 *
 * The paper takes G at the image alone and averages it over h and w. Here each place keeps its own, as in HiResCAM
 * (Draelos and Carin 2020, arXiv 2011.08891), and it is followed along the way, as in Integrated Grad-CAM (Sattarzadeh
 * et al. 2021, arXiv 2102.07805): before rectification, and with steps ever smaller, the map adds up to what the image
 * has over a black one, however saturated the net is at its end. docs/explain.md has what that gains.
 */
import type { Graph, GraphNode } from '../graph/graph.js'
import { enlarge, type MapSize } from './enlarge.js'
import type { LayerGradients } from './gradient-program.js'

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

/** Steps from the black image to the given one. */
export const STEPS = 8

/** Both ends of all steps, one image after another: pixels of 0, 1/8, 2/8 ... 8/8 of their values. */
export function imagesOnTheWay(image: Uint8Array): Float32Array {
  return Float32Array.from(
    { length: (STEPS + 1) * image.length },
    (_, i) => ((image[i % image.length] as number) * Math.floor(i / image.length)) / STEPS,
  )
}

/** What each place [h, w] of a layer of shape [h, w, c] adds on the way, given its values at the ends of all steps. */
export function gainsOnTheWay(
  { activations, gradients }: LayerGradients,
  [height, width, channels]: readonly [number, number, number],
): Float64Array {
  const gains = new Float64Array(height * width)
  const size = height * width * channels
  for (let from = 0; from < STEPS * size; from++) {
    const to = from + size
    const gradient = ((gradients[from] as number) + (gradients[to] as number)) / 2
    const place = Math.floor((from % size) / channels)
    gains[place] =
      (gains[place] as number) + gradient * ((activations[to] as number) - (activations[from] as number))
  }
  return gains
}

/** The map of an image of so many pixels, from what each place of the layer adds. */
export function gradCam(gains: Float64Array, layer: MapSize, image: MapSize): Float32Array {
  const rectified = Float32Array.from(gains, (gain) => Math.max(0, gain))
  return blur(enlarge(rectified, layer, image), image)
}

/** Weights 1 2 1 along both axes, nothing beyond the edges: features are of a pixel's neighbours, too. */
function blur(map: Float32Array, { height, width }: MapSize): Float32Array {
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
