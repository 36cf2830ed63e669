/** What an augmentation is made of: plain data, as a recipe states it. docs/augmentation.md has the formulas. */
import { z } from 'zod'

const fraction = z.number().min(0).max(1)

/** One random affine map an image, with the semantics of Keras's ImageDataGenerator: bounds of uniform distributions. */
const affine = z.strictObject({
  /** Degrees: drawn from -rotation to rotation. */
  rotation: z.number().min(0).max(180),
  /** Lowest and highest zoom, drawn for each axis by itself. Above 1 shrinks the picture. */
  zoom: z.tuple([z.number().positive(), z.number().positive()]).readonly(),
  /** Degrees: drawn from -shear to shear. */
  shear: z.number().min(0).max(89),
  /** Drawn from -shift to shift for each axis by itself: a share of the height, and one of the width. */
  shift: fraction,
})
export type Affine = z.infer<typeof affine>

/** A rectangle of the image, drawn at random. */
const rectangle = z.strictObject({
  probability: fraction,
  /** Bounds of the rectangle's share of the image. */
  area: z.tuple([fraction, fraction]).readonly(),
  /** Longest side over shortest, at most: height over width is log-uniform between 1 / aspect and aspect. */
  aspect: z.number().min(1),
})
export type RandomRectangle = z.infer<typeof rectangle>

/** Random erasing (Zhong et al. 2017, arXiv 1708.04896): a rectangle is filled. */
const erase = rectangle.extend({
  /** Zeros, or bytes drawn anew for each pixel. */
  fill: z.enum(['zero', 'noise']),
})
export type Erase = z.infer<typeof erase>

/**
 * A rectangle shows another training image: CutMix (Yun et al. 2019, arXiv 1905.04899) as far as pixels go. The label
 * stays that of the image, so either the rectangle is to be the smaller part or a teacher to say what both make.
 */
const paste = rectangle.extend({
  /** Share of all epochs that come without. */
  after: fraction.lt(1),
})
export type Paste = z.infer<typeof paste>

/** Applied in this order: affine map, vertical flip, horizontal flip, translation, erasing, pasting. */
export const augmentationSchema = z.strictObject({
  affine: affine.nullable(),
  /** Whole pixels along each axis, drawn from -translate to translate; zeros come in. */
  translate: z.int().min(0),
  /** Share of all epochs in which images are translated. */
  translateUntil: fraction.default(1),
  /** `alternate`: each image's flip is drawn for epoch 0 and changes with every epoch (airbench). */
  horizontalFlip: z.enum(['none', 'random', 'alternate']),
  /** Probability. */
  verticalFlip: fraction,
  erase: erase.nullable(),
  paste: paste.nullable().default(null),
})
export type Augmentation = z.infer<typeof augmentationSchema>
