import { paintGray } from '../picture/paint.js'

const SIDE = 28

/** 28 x 28 bytes as a PNG, which the server takes bit by bit. */
export async function pngOf(pixels: Uint8Array): Promise<Blob> {
  const canvas = new OffscreenCanvas(SIDE, SIDE)
  const { data } = paintGray(pixels, SIDE, SIDE)
  canvas.getContext('2d')?.putImageData(new ImageData(data, SIDE, SIDE), 0, 0)
  return canvas.convertToBlob({ type: 'image/png' })
}
