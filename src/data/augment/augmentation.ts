/** What an augmentation is made of: plain data, as a recipe states it. docs/augmentation.md has the formulas. */

/** One random affine map an image, with the semantics of Keras's ImageDataGenerator. */
export interface Affine {
  /** Degrees: drawn from -rotation to rotation. */
  readonly rotation: number
  /** Bounds of the zoom, drawn for each axis by itself. Above 1 shrinks the picture. */
  readonly zoom: readonly [low: number, high: number]
  /** Degrees: drawn from -shear to shear. */
  readonly shear: number
  /** Drawn from -shift to shift for each axis by itself: a share of the height, and one of the width. */
  readonly shift: number
}

/** A rectangle of the image, drawn at random. */
export interface RandomRectangle {
  readonly probability: number
  /** Bounds of the rectangle's share of the image. */
  readonly area: readonly [low: number, high: number]
  /** Height over width is log-uniform between 1 / aspect and aspect. */
  readonly aspect: number
}

/** Random erasing (Zhong et al. 2017, arXiv 1708.04896). */
export interface Erase extends RandomRectangle {
  /** Zeros, or bytes drawn anew for each pixel. */
  readonly fill: 'zero' | 'noise'
}

/**
 * CutMix (Yun et al. 2019, arXiv 1905.04899) as far as pixels go: the label stays that of the image, so either
 * the rectangle is to be the smaller part or a teacher to say what both make.
 */
export interface Paste extends RandomRectangle {
  /** Share of all epochs that come without. */
  readonly after: number
}

/** Applied in this order: affine map, vertical flip, horizontal flip, translation, erasing, pasting. */
export interface Augmentation {
  readonly affine: Affine | null
  /** Whole pixels along each axis, drawn from -translate to translate; zeros come in. */
  readonly translate: number
  /** Share of all epochs in which images are translated. */
  readonly translateUntil: number
  /** `alternate`: each image's flip is drawn for epoch 0 and changes with every epoch (airbench). */
  readonly horizontalFlip: 'none' | 'random' | 'alternate'
  /** Probability. */
  readonly verticalFlip: number
  readonly erase: Erase | null
  readonly paste: Paste | null
}

/** How augmented images are stored: bytes, unless an affine map interpolates. Values are 0 to 255 either way. */
export function imageDTypeOf(augmentation: Augmentation | null): 'u8' | 'f32' {
  return augmentation?.affine ? 'f32' : 'u8'
}
