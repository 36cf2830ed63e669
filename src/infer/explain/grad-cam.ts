/**
 * Grad-CAM (Selvaraju et al. 2017, arXiv 1610.02391): where a convolutional net's features speak for a class. With
 * A a layer's activations [h, w, c] and G the gradient of the class's logit by them,
 * map = relu(sum over c of mean(G over h and w)[c] A[c]).
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

/** The rectified map [h, w] of activations and gradients [h, w, c]. */
export function gradCam(
  activations: Float32Array,
  gradients: Float32Array,
  [height, width, channels]: readonly [number, number, number],
): Float32Array {
  const places = height * width
  const weights = new Float64Array(channels)
  gradients.forEach((gradient, i) => {
    weights[i % channels] = (weights[i % channels] as number) + gradient / places
  })
  return Float32Array.from({ length: places }, (_, place) => {
    const features = activations.subarray(place * channels, (place + 1) * channels)
    const sum = features.reduce((total, value, c) => total + (weights[c] as number) * value, 0)
    return Math.max(0, sum)
  })
}
