/** Reading a file as a stream of decompressed chunks, and its checksum. */
import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { AtelierError, messageOf, mismatch } from '../core/errors.js'

/** Large chunks: each is inflated on a worker thread while this one hashes and copies the last. */
const CHUNK_BYTES = 1 << 20

/**
 * The bytes of a file, gunzipped where the content (not the name) is gzip: some programs unpack a download
 * and keep its name.
 *
 * @throws AtelierError when the file cannot be read or its gzip stream is damaged or cut short.
 */
export async function* decompressed(path: string): AsyncGenerator<Buffer> {
  try {
    const handle = await open(path)
    const gzipped = await startsAsGzip(handle)
    const source = handle.createReadStream({ start: 0, highWaterMark: CHUNK_BYTES })
    if (!gzipped) yield* source as AsyncIterable<Buffer>
    // A failure of either stream destroys both, and the loop below throws it: nothing to do in the callback.
    else yield* pipeline(source, createGunzip({ chunkSize: CHUNK_BYTES }), () => {}) as AsyncIterable<Buffer>
  } catch (error) {
    throw readError(path, error)
  }
}

/** SHA-256 of the decompressed bytes, in hexadecimal. */
export async function checksumOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of decompressed(path)) hash.update(chunk)
  return hash.digest('hex')
}

async function startsAsGzip(handle: FileHandle): Promise<boolean> {
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } catch (error) {
    await handle.close()
    throw error
  }
}

function readError(path: string, error: unknown): AtelierError {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (error instanceof AtelierError) return error
  if (code.startsWith('Z_')) {
    const received = code === 'Z_BUF_ERROR' ? 'one that is cut short' : 'a damaged one'
    return new AtelierError(
      mismatch(`${path}, gzip stream`, 'a complete gzip file', received, 'Get the file again'),
      { cause: error },
    )
  }
  return new AtelierError(mismatch(path, 'a readable file', messageOf(error)))
}
