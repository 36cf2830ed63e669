/**
 * SmoothGrad (Smilkov et al. 2017, arXiv 1706.03825): the mean gradient over copies of the image with Gaussian noise,
 * which levels out how the gradient jumps from pixel to pixel. Times the image it is, to first order, what each pixel
 * adds to the class's log-odds over a black one.
 */
import { keyOf, Random } from '../core/random.js'
import { cos } from '../core/trigonometry.js'

/** Copies, and the noise's deviation in pixel values: 15 % of their range, as in the paper. */
export const SAMPLES = 32
const DEVIATION = 0.15 * 255

/** The image's copies, one after another: the same at every call. */
export function noisyCopies(image: Uint8Array): Float32Array {
  const random = new Random(keyOf(0, 'smooth-grad'))
  return Float32Array.from(
    { length: SAMPLES * image.length },
    (_, i) => (image[i % image.length] as number) + DEVIATION * gaussian(random),
  )
}

/** Box and Muller's transform of two uniform numbers, the first of which may not be 0. */
function gaussian(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.uniform()))
  return radius * cos(2 * Math.PI * random.uniform())
}

/**
 * [height, width]: mean gradient times pixel, summed over channels. Gradients [copies, height, width, channels] are by
 * what the network sees, which is `scale` times a pixel's value (and a shift that a black pixel has too).
 */
export function smoothedContributions(
  image: Uint8Array,
  gradients: Float32Array,
  scale: number,
  channels: number,
): Float32Array {
  const means = new Float64Array(image.length)
  gradients.forEach((gradient, i) => {
    means[i % image.length] = (means[i % image.length] as number) + gradient / SAMPLES
  })
  const values = new Float32Array(image.length / channels)
  means.forEach((mean, i) => {
    const place = Math.floor(i / channels)
    values[place] = (values[place] as number) + scale * (image[i] as number) * mean
  })
  return values
}
