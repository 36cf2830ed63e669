/** Image files of every usual format, decoded to bytes of sRGB. */
import { AtelierError, messageOf, mismatch } from '../core/errors.js'
import { formatCount } from '../core/format.js'
import type { Picture } from './raster.js'

/** The formats that are read, by the first characters (Latin-1) of their files. */
const SIGNATURES: Readonly<Record<string, (start: string) => boolean>> = {
  PNG: (start) => start.startsWith('\x89PNG\r\n\x1a\n'),
  JPEG: (start) => start.startsWith('\xff\xd8\xff'),
  WebP: (start) => start.startsWith('RIFF') && start.startsWith('WEBP', 8),
  // A box of brands, as HEIC's.
  AVIF: (start) => start.startsWith('ftyp', 4) && /avi[fs]/.test(start.slice(8)),
  GIF: (start) => start.startsWith('GIF87a') || start.startsWith('GIF89a'),
  TIFF: (start) => ['II*\0', 'II+\0', 'MM\0*', 'MM\0+'].some((order) => start.startsWith(order)),
}

/** Their names in messages. */
const FORMATS = 'PNG, JPEG, WebP, AVIF, GIF or TIFF'

/** The endings of image files in a folder. */
export const IMAGE_FILE = /\.(?:png|jpe?g|webp|avif|gif|tiff?)$/i

/** Pictures of more pixels are refused: a small file can unpack to any size. */
const MOST_PIXELS = 100e6
/** Longer edges are refused too: a row of millions of pixels takes gigabytes on its way. */
const MOST_EDGE = 65_535
/** Larger pictures are made smaller as they are decoded: what becomes 28 x 28 needs no more. */
const LONGEST_EDGE = 1024

/**
 * Decodes an image file's bytes: the first frame of an animation, upright as its EXIF orientation says, 16 bits a
 * channel narrowed to 8, CMYK and other profiles converted to sRGB, the longer edge made at most 1,024.
 *
 * @throws AtelierError naming the file where the bytes are no whole image of a format that is read.
 */
export async function decodePicture(bytes: Uint8Array, name: string): Promise<Picture> {
  if (bytes.length === 0) throw new AtelierError(mismatch(name, 'an image', 'an empty file'))
  const format = formatOf(bytes)
  if (format === undefined) throw ofNoFormat(name, bytes)
  const sharp = await loadSharp()
  try {
    const failOn = format === 'JPEG' ? 'error' : 'warning'
    const image = sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn })
    const warnings: string[] = []
    image.on('warning', (warning: string) => warnings.push(...warning.split('\n')))
    const { width, height } = await image.metadata()
    if (Math.max(width, height) > MOST_EDGE) throw tooLong(name, Math.max(width, height))
    const { data, info } = await image
      .autoOrient()
      .resize({ width: LONGEST_EDGE, height: LONGEST_EDGE, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    const damage = format === 'JPEG' && warnings.find((warning) => !HARMLESS.test(warning))
    if (damage) throw new Error(damage)
    return { width: info.width, height: info.height, channels: info.channels as 3 | 4, data }
  } catch (error) {
    throw error instanceof AtelierError ? error : unreadable(name, error)
  }
}

/** Sharp takes a while to load and comes when it is needed; without its cache, as no picture comes twice. */
let loaded: Promise<typeof import('sharp').default> | undefined

function loadSharp(): Promise<typeof import('sharp').default> {
  loaded ??= import('sharp').then(({ default: sharp }) => {
    sharp.cache(false)
    return sharp
  })
  return loaded
}

/** The name of the format that the bytes begin as; undefined of none that is read. */
export function formatOf(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 64)).toString('latin1')
  return Object.entries(SIGNATURES).find(([, begins]) => begins(start))?.[0]
}

/**
 * What libjpeg says of JPEGs that every viewer shows whole: phones and webcams leave bytes between two parts, and write
 * odd numbers where a baseline file has but one meaning.
 */
const HARMLESS =
  /^(?:VipsJpeg: (?:Corrupt JPEG data: \d+ extraneous bytes before marker|Invalid SOS parameters for sequential JPEG)|read gave \d+ warnings$|$)/

/** How the decoders say that bytes are missing at the end. */
const CUT_SHORT = /premature end|truncated|unexpected end|end of (?:file|data|input)/i

/** Brands of HEIC, which want a decoder that is not free (ISO/IEC 23008-12). */
const HEIC = /^ftyp(?:hei[cxms]|hev[cxms]|mif1|msf1)/

/** What iPhones write by default. */
export const HEIC_FILE = /\.hei[cf]s?$/i

/** That a HEIC is one, and what to do. */
export const unreadHeic = (name: string): AtelierError =>
  new AtelierError(
    mismatch(
      name,
      `an image (${FORMATS})`,
      'a HEIC',
      'Export it as JPEG, or have the phone take JPEGs (iPhone: Settings, Camera, Formats, Most Compatible)',
    ),
  )

function ofNoFormat(name: string, bytes: Uint8Array): AtelierError {
  const brand = Buffer.from(bytes.subarray(4, 12)).toString('latin1')
  return HEIC.test(brand)
    ? unreadHeic(name)
    : new AtelierError(mismatch(name, `an image (${FORMATS})`, 'other bytes'))
}

const tooLong = (name: string, edge: number): AtelierError =>
  new AtelierError(
    mismatch(name, `edges of at most ${formatCount(MOST_EDGE)} pixels`, `one of ${formatCount(edge)}`),
  )

/** The decoders' own words are the error's cause, which `--debug` prints. */
function unreadable(name: string, cause: unknown): AtelierError {
  const reason = messageOf(cause)
  if (/pixel limit/i.test(reason)) {
    return new AtelierError(mismatch(name, `at most ${formatCount(MOST_PIXELS)} pixels`, 'more'))
  }
  const received = CUT_SHORT.test(reason) ? 'one that is cut short' : 'a damaged one'
  return new AtelierError(mismatch(name, 'a whole image', received), { cause })
}
