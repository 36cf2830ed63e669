/** Where images come from: files, folders, standard input. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AtelierError, messageOf, mismatch } from '../core/errors.js'
import { HEIC_FILE, IMAGE_FILE, unreadHeic } from './decode.js'

/** An image that is still to be read. */
export interface ImageSource {
  /** The path as given, or below a folder that was given; `-` for standard input. */
  readonly name: string
  readonly read: () => Promise<Uint8Array>
}

/** Files of more bytes are refused. */
const MOST_BYTES = 512e6

/**
 * The images that the arguments name: files, the image files in folders and below them (by their endings, in the
 * order of their names, hidden ones left out), and `-`. What cannot be found stays in the list and fails when it is read,
 * as a HEIC does, so that it is not left out without a word.
 */
export async function listSources(names: readonly string[]): Promise<ImageSource[]> {
  const lists = await Promise.all(names.map((name) => (name === '-' ? [standardInput()] : listPath(name))))
  return lists.flat()
}

async function listPath(path: string): Promise<ImageSource[]> {
  const found = await stat(path).catch(() => null)
  if (!found?.isDirectory()) return [fileSource(path)]
  const files = await imagesBelow(path).catch((error: unknown) =>
    failing(path, 'a readable folder', messageOf(error)),
  )
  return files.length > 0 ? files : failing(path, 'a folder with image files', 'none in it')
}

async function imagesBelow(folder: string): Promise<ImageSource[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  const sources: ImageSource[] = []
  for (const entry of entries) {
    // macOS keeps what it knows of a.jpg in ._a.jpg, which is no image.
    if (entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) sources.push(...(await imagesBelow(path)))
    else if (IMAGE_FILE.test(entry.name)) sources.push(fileSource(path))
    else if (HEIC_FILE.test(entry.name))
      sources.push({ name: path, read: () => Promise.reject(unreadHeic(path)) })
  }
  return sources
}

const failing = (name: string, expected: string, received: string): ImageSource[] => [
  { name, read: () => Promise.reject(new AtelierError(mismatch(name, expected, received))) },
]

/** The image in a file. */
export const fileSource = (path: string): ImageSource => ({ name: path, read: () => readImageFile(path) })

async function readImageFile(path: string): Promise<Uint8Array> {
  const found = await onFile(path, () => stat(path))
  // To read a pipe may be to wait for ever, and a device has no end.
  if (!found.isFile()) {
    const hint = 'Hand its bytes to standard input, which is -'
    throw new AtelierError(mismatch(path, 'an image file', 'no regular file', hint))
  }
  if (found.size > MOST_BYTES) throw tooLarge(path)
  return onFile(path, () => readFile(path))
}

async function onFile<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw new AtelierError(mismatch(path, 'an image file', missing ? 'no such file' : messageOf(error)))
  }
}

function standardInput(): ImageSource {
  return {
    name: '-',
    read: async () => {
      const pieces: Buffer[] = []
      let size = 0
      for await (const piece of process.stdin as AsyncIterable<Buffer>) {
        pieces.push(piece)
        size += piece.length
        if (size > MOST_BYTES) throw tooLarge('-')
      }
      return Buffer.concat(pieces)
    },
  }
}

const tooLarge = (name: string): AtelierError =>
  new AtelierError(mismatch(name, 'an image file of at most 512 MB', 'a larger one'))
