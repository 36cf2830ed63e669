/** A greyscale picture of images and captions. */
import type { OverlayOptions } from 'sharp'
import { canDraw, GLYPH_HEIGHT, setText } from './bitmap-font.js'

const CAPTION_SCALE = 2
const INK_GREY = 0x20

/** Pixels of a caption from its top to its lowest descender. */
export const CAPTION_HEIGHT = GLYPH_HEIGHT * CAPTION_SCALE

/** Where a caption goes: its middle, its top and the width it may take, in pixels. */
export interface CaptionPlace {
  readonly centre: number
  readonly top: number
  readonly room: number
}

/** White at first; grey 0 is black. */
export class Canvas {
  private readonly pixels: Uint8Array
  private readonly overlays: OverlayOptions[] = []

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.pixels = new Uint8Array(width * height).fill(255)
  }

  fill(left: number, top: number, width: number, height: number, grey: number): void {
    for (let y = top; y < top + height; y++) {
      const row = y * this.width
      this.pixels.fill(grey, row + left, row + left + width)
    }
  }

  /** An image of ink 0 ... 255, dark on white, each of its pixels a square of `scale`. */
  drawImage(
    image: Uint8Array,
    { height, width, left, top, scale }: Record<'height' | 'width' | 'left' | 'top' | 'scale', number>,
  ): void {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const grey = 255 - (image[y * width + x] as number)
        this.fill(left + x * scale, top + y * scale, scale, scale, grey)
      }
    }
  }

  /** A line of text about its centre; one wider than its room is set smaller, then cut. */
  drawCaption(text: string, place: CaptionPlace): void {
    if (canDraw(text)) this.drawGlyphs(text, place)
    else this.overlays.push(fontCaption(text, place))
  }

  async png(): Promise<Buffer> {
    const { default: sharp } = await import('sharp')
    const raw = { width: this.width, height: this.height, channels: 1 } as const
    const picture = sharp(this.pixels, { raw }).composite(this.overlays).toColourspace('b-w')
    return picture.png({ compressionLevel: 9 }).toBuffer()
  }

  private drawGlyphs(caption: string, { centre, top, room }: CaptionPlace): void {
    let text = setText(caption)
    const scale = text.width * CAPTION_SCALE <= room ? CAPTION_SCALE : 1
    for (let kept = caption.length - 1; text.width * scale > room; kept--) {
      text = setText(`${caption.slice(0, kept)}...`)
    }
    const left = Math.round(centre - (text.width * scale) / 2)
    for (let i = 0; i < text.ink.length; i++) {
      if (text.ink[i] === 0) continue
      const [x, y] = [i % text.width, Math.floor(i / text.width)]
      this.fill(left + x * scale, top + y * scale, scale, scale, INK_GREY)
    }
  }
}

/** A caption with characters of other scripts, which the machine's fonts have to draw. */
function fontCaption(text: string, { centre, top, room }: CaptionPlace): OverlayOptions {
  const escaped = text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`)
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${room}" height="${CAPTION_HEIGHT}">` +
    `<text x="50%" y="15" text-anchor="middle" font-family="sans-serif" font-size="17" fill="#202020">` +
    `${escaped}</text></svg>`
  return { input: Buffer.from(svg), left: Math.round(centre - room / 2), top }
}
