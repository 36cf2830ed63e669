/** Streams of bytes for tests of readers. */

/** `bytes` in pieces of `size`, as a file may arrive. */
export async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}
