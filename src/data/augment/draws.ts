/** The random numbers of augmentation: functions of seed, epoch, image and purpose alone. */
import { type Key, keyOf, mix } from '../../core/random.js'

/** Each purpose has its own counter, so switching one kind of augmentation on changes no other's draws. */
export const Draw = {
  rotation: 0,
  shiftRows: 1,
  shiftColumns: 2,
  shear: 3,
  zoomRows: 4,
  zoomColumns: 5,
  verticalFlip: 6,
  horizontalFlip: 7,
  translateRows: 8,
  translateColumns: 9,
  erase: 10,
  paste: 11,
  pastedImage: 12,
  /** Four for each attempt at a rectangle. */
  erasedRectangle: 16,
  /** One for each pixel. */
  noise: 64,
  /** Beyond the pixels of any image; four for each attempt. */
  pastedRectangle: 2 ** 30,
} as const

/** A view of one image's numbers in one epoch, moved from image to image without allocating. */
export class ImageDraws {
  private readonly flips: Key
  private epoch = -1
  private epochKey: Key = [0, 0]
  private index = 0
  private key0 = 0
  private key1 = 0

  constructor(private readonly seed: number) {
    this.flips = keyOf(seed, 'augmentation', 'alternate')
  }

  /** Moves to the image of that index in the training split. */
  select(epoch: number, index: number): void {
    if (epoch !== this.epoch) {
      this.epochKey = keyOf(this.seed, 'augmentation', 'epoch', epoch)
      this.epoch = epoch
    }
    const [word0, word1] = this.epochKey
    this.index = index
    this.key0 = mix(word0, word1, index)
    this.key1 = mix(word1, word0, index ^ 0x85ebca6b)
  }

  /** 32 random bits. */
  bits(draw: number): number {
    return mix(this.key0, this.key1, draw)
  }

  /** Uniform in [low, high). */
  between(draw: number, low: number, high: number): number {
    return low + ((high - low) * this.bits(draw)) / 2 ** 32
  }

  /** Uniform over the integers low ... high. */
  integer(draw: number, low: number, high: number): number {
    return low + Math.floor((this.bits(draw) / 2 ** 32) * (high - low + 1))
  }

  chance(draw: number, probability: number): boolean {
    return this.bits(draw) < probability * 2 ** 32
  }

  /** True in every second epoch, beginning with a random one of the first two. */
  alternates(): boolean {
    return ((mix(this.flips[0], this.flips[1], this.index) ^ this.epoch) & 1) === 1
  }
}
