/** What a network sees of a pixel 0 ... 255: scale * pixel + shift. */
export interface PixelScaling {
  readonly scale: number
  readonly shift: number
}
