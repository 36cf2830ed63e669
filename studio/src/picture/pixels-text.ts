/** 28 x 28 bytes as text for the fragment of a link, which browsers keep to themselves. */
const PIXELS = 28 * 28

export function pixelsToText(pixels: Uint8Array): string {
  const binary = Array.from(pixels, (byte) => String.fromCharCode(byte)).join('')
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** Null for text that holds no image. */
export function pixelsFromText(text: string): Uint8Array | null {
  if (!/^[\w-]+$/.test(text)) return null
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    return binary.length === PIXELS ? Uint8Array.from(binary, (c) => c.charCodeAt(0)) : null
  } catch {
    return null
  }
}
