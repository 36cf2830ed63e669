/** Softmax cross-entropy and its gradient, as graph/steps.ts defines them: little work, done by the first part. */
import { exp, log } from './functions'
import { storeSome } from './vectors'

/**
 * Arguments: logits, labels, targets or 0, weights of the images or 0, metrics, diffLogits, images, classes, smoothing,
 * share.
 */
export function softmaxCrossEntropy(args: usize, part: i32, _parts: i32): void {
  if (part != 0) return
  const logits = load<usize>(args)
  const labels = load<usize>(args, 4)
  const weights = load<usize>(args, 12)
  const metrics = load<usize>(args, 16)
  const diffLogits = load<usize>(args, 20)
  const images = load<i32>(args, 24)
  const classes = load<i32>(args, 28)
  const total = totalWeight(weights, images)
  let loss: f64 = 0
  let correct = 0
  for (let image = 0; image < images; image++) {
    const row = logits + ((image * classes) << 2)
    const place = placeOfLargest(row, classes)
    const largest = load<f32>(row + (place << 2))
    // What is not a number is not the largest.
    if (place == <i32>load<u8>(labels + image) && largest == largest) correct++
    const weight: f32 = weights != 0 ? load<f32>(weights + (image << 2)) : 1
    loss += <f64>weight * lossOf(args, image, row, diffLogits + ((image * classes) << 2), largest, weight / total)
  }
  store<f32>(metrics, <f32>((loss * <f64>images) / <f64>total))
  store<f32>(metrics, <f32>correct, 4)
}

/** The sum of the images' weights; 1 where it is 0, so that nothing is divided by nothing. */
function totalWeight(weights: usize, images: i32): f32 {
  if (weights == 0) return <f32>images
  let sum: f64 = 0
  for (let image = 0; image < images; image++) sum += <f64>load<f32>(weights + (image << 2))
  return sum == 0 ? 1 : <f32>sum
}

/** Of equal logits the first counts. */
function placeOfLargest(row: usize, classes: i32): i32 {
  let place = 0
  for (let c = 1; c < classes; c++) {
    if (load<f32>(row + (c << 2)) > load<f32>(row + (place << 2))) place = c
  }
  return place
}

/** An image's loss; writes its gradient, multiplied by `factor`. */
function lossOf(args: usize, image: i32, row: usize, diff: usize, largest: f32, factor: f32): f64 {
  const targets = load<usize>(args, 8)
  const classes = load<i32>(args, 28)
  const off = load<f32>(args, 32) / <f32>classes
  const on: f32 = 1 - load<f32>(args, 32) + off
  const share = load<f32>(args, 36)
  const label = <i32>load<u8>(load<usize>(args, 4) + image)
  const sum = exponentials(row, diff, classes, largest)
  const shift = <f64>largest + log(sum)
  const inverse = <f32>(1 / sum)
  let loss: f64 = 0
  for (let c = 0; c < classes; c++) {
    const place = diff + (c << 2)
    let target = c == label ? on : off
    if (targets != 0) target = (1 - share) * target + share * load<f32>(targets + ((image * classes + c) << 2))
    loss -= <f64>target * (<f64>load<f32>(row + (c << 2)) - shift)
    store<f32>(place, (load<f32>(place) * inverse - target) * factor)
  }
  return loss
}

/** Writes e^(logit - largest) of a row; their sum. */
function exponentials(row: usize, to: usize, classes: i32, largest: f32): f64 {
  for (let c = 0; c < classes; c += 4) {
    const powers = exp(f32x4.sub(v128.load(row + (c << 2)), f32x4.splat(largest)))
    storeSome(to + (c << 2), powers, classes - c)
  }
  let sum: f64 = 0
  for (let c = 0; c < classes; c++) sum += <f64>load<f32>(to + (c << 2))
  return sum
}
