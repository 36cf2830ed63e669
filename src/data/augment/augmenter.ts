/** Augments images one at a time: a pure function of the training (seed, epochs, images), the epoch and the image's index. */
import { AtelierError, mismatch } from '../../core/errors.js'
import { type AffineMap, type AffineValues, affineMap, identityMap, Warp } from './affine.js'
import type { Affine, Augmentation } from './augmentation.js'
import { Draw, ImageDraws } from './draws.js'
import { eraseRectangle } from './erase.js'
import { pasteRectangle } from './paste.js'
import { Placement, place } from './placement.js'

export interface ImageExtents {
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** The training that images are augmented for. */
export interface AugmentedTraining {
  readonly seed: number
  readonly epochs: number
  /** The images of the training split that are trained on. */
  readonly indices: Uint32Array
}

/** @throws AtelierError when the images have more than one channel. */
export function checkAugmentable({ channels }: ImageExtents): void {
  if (channels === 1) return
  const hint = 'Train without augmentation, or make the images gray'
  throw new AtelierError(mismatch('channels of images to augment', '1', String(channels), hint))
}

/** How augmented images are stored: bytes, unless an affine map interpolates. Values are 0 to 255 either way. */
export function imageDTypeOf(augmentation: Augmentation | null): 'u8' | 'f32' {
  return augmentation?.affine ? 'f32' : 'u8'
}

export class Augmenter {
  private readonly draws: ImageDraws
  private readonly placement: Placement
  private readonly warp: Warp
  private readonly map: AffineMap = identityMap()
  private readonly values: AffineValues = {
    rotation: 0,
    shiftRows: 0,
    shiftColumns: 0,
    shear: 0,
    zoomRows: 1,
    zoomColumns: 1,
  }
  private readonly height: number
  private readonly width: number

  /** @throws AtelierError when the images have more than one channel. */
  constructor(
    private readonly augmentation: Augmentation,
    extents: ImageExtents,
    private readonly training: AugmentedTraining,
  ) {
    checkAugmentable(extents)
    this.height = extents.height
    this.width = extents.width
    this.draws = new ImageDraws(training.seed)
    this.placement = new Placement(this.height, this.width)
    this.warp = new Warp(this.height, this.width)
  }

  /**
   * Writes the image of that index in the training split `source`, in which it begins at `from`, augmented to
   * `to` in `target`: a Float32Array where there is an affine map, else a Uint8Array (`imageDTypeOf`).
   */
  apply(
    epoch: number,
    index: number,
    source: Uint8Array,
    from: number,
    target: Uint8Array | Float32Array,
    to: number,
  ): void {
    const { augmentation, draws, placement, height, width } = this
    draws.select(epoch, index)
    this.drawPlacement(epoch)
    if (augmentation.affine) {
      this.drawAffine(augmentation.affine)
      affineMap(this.values, height, width, this.map)
      this.warp.apply(this.map, placement, source, from, target as Float32Array, to)
    } else {
      place(placement, source, from, target as Uint8Array, to)
    }
    const { erase, paste } = augmentation
    if (erase) eraseRectangle(erase, draws, target, to, height, width)
    if (paste && this.hasBegun(paste.after, epoch)) {
      const others = { images: source, indices: this.training.indices }
      pasteRectangle(paste, draws, others, target, to, height, width)
    }
  }

  /** Whether what begins after that share of all epochs has begun. */
  private hasBegun(share: number, epoch: number): boolean {
    return epoch >= Math.round(share * this.training.epochs)
  }

  private drawPlacement(epoch: number): void {
    const { draws } = this
    const { verticalFlip, horizontalFlip, translateUntil } = this.augmentation
    const translate = this.hasBegun(translateUntil, epoch) ? 0 : this.augmentation.translate
    const mirrored =
      horizontalFlip === 'alternate'
        ? draws.alternates()
        : horizontalFlip === 'random' && draws.chance(Draw.horizontalFlip, 0.5)
    this.placement.set(
      draws.chance(Draw.verticalFlip, verticalFlip),
      mirrored,
      draws.integer(Draw.translateRows, -translate, translate),
      draws.integer(Draw.translateColumns, -translate, translate),
    )
  }

  private drawAffine({ rotation, zoom, shear, shift }: Affine): void {
    const { draws, values, height, width } = this
    values.rotation = draws.between(Draw.rotation, -rotation, rotation)
    values.shiftRows = draws.between(Draw.shiftRows, -shift, shift) * height
    values.shiftColumns = draws.between(Draw.shiftColumns, -shift, shift) * width
    values.shear = draws.between(Draw.shear, -shear, shear)
    values.zoomRows = draws.between(Draw.zoomRows, zoom[0], zoom[1])
    values.zoomColumns = draws.between(Draw.zoomColumns, zoom[0], zoom[1])
  }
}
