/** Image files and canvases as the pictures that the photo steps start from. */
import type { Picture } from '../../../src/photo/raster.js'
import { StudioError } from '../text/studio-error.js'

/** Longer sides than this are scaled down at decoding: the steps average to 256 pixels anyway. */
const LONGEST = 2048

/** Decodes an image file by the browser: the first frame, upright as its orientation says, in sRGB. */
export async function decodeFile(file: Blob): Promise<Picture> {
  const bitmap = await createImageBitmap(file).catch(() => null)
  if (bitmap === null) throw new Error('unreadable')
  try {
    const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height))
    const [width, height] = [bitmap.width, bitmap.height].map((edge) => Math.max(1, Math.round(edge * scale)))
    return pictureOf(bitmap, width as number, height as number)
  } finally {
    bitmap.close()
  }
}

export function pictureOf(
  source: ImageBitmap | HTMLVideoElement | HTMLCanvasElement,
  width: number,
  height: number,
): Picture {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (context === null) throw new StudioError('noCanvas')
  context.drawImage(source, 0, 0, width, height)
  const { data } = context.getImageData(0, 0, width, height)
  return { width, height, channels: 4, data }
}
