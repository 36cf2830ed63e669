/** Loading a data set: find it or download it, read it, check that its files belong together. */
import { AtelierError, mismatch } from '../core/errors.js'
import { classesByName, FASHION_CLASSES, labelRange, readClasses, unnamedClasses } from './classes.js'
import { readCsv } from './csv.js'
import { type DownloadOptions, downloadOfficial } from './download.js'
import {
  CSV_NAMES,
  type DataFiles,
  IDX_NAMES,
  type IdxName,
  inspectFolder,
  OFFICIAL_CHECKSUMS,
} from './files.js'
import { type IdxFile, readIdx } from './idx.js'
import { cacheFolder, type DataSource, type LocatedData, locateData, userPlaces } from './locate.js'

/** Images and labels of one split, both on SharedArrayBuffers so that other threads read them in place. */
export interface Split {
  /** count x height x width bytes, image after image, row after row. */
  readonly images: Uint8Array<SharedArrayBuffer>
  /** One class index an image. */
  readonly labels: Uint8Array<SharedArrayBuffer>
  readonly count: number
}

export interface Dataset {
  readonly directory: string
  /** How it was found. */
  readonly source: DataSource
  readonly form: DataFiles['form']
  readonly height: number
  readonly width: number
  readonly channels: 1
  /** The classes' names, by label. */
  readonly classes: readonly string[]
  /** What a reader should know of the labels, in a sentence; null for nothing. */
  readonly note: string | null
  readonly train: Split
  readonly test: Split
  /** SHA-256 of each file's decompressed bytes, by the file's name without `.gz`. */
  readonly checksums: Readonly<Record<string, string>>
  /** Whether these are the four official files of Fashion-MNIST, byte for byte. */
  readonly official: boolean
}

/** By which two data sets are known for the same: their files and what is in them. */
export function identityOf(checksums: Dataset['checksums']): string {
  const files = Object.entries(checksums).sort(([a], [b]) => (a < b ? -1 : 1))
  return files.map(([file, sum]) => `${file}:${sum}`).join(' ')
}

export interface LoadOptions extends DownloadOptions {
  /** A folder to take instead of searching (`--data`). */
  readonly data?: string | undefined
}

type Contents = Pick<Dataset, 'height' | 'width' | 'train' | 'test' | 'checksums'>

/**
 * Finds the data set (see `locateData`), downloads the official one into the cache where there is none, and
 * reads it.
 *
 * @throws AtelierError when a file is damaged, does not fit the others, or is not what its name says.
 */
export async function loadDataset(options: LoadOptions = {}, places = userPlaces()): Promise<Dataset> {
  const located = (await locateData(options.data, places)) ?? (await download(cacheFolder(places), options))
  const { directory, source, files } = located
  const contents = files.form === 'idx' ? await readIdxFiles(files.paths) : await readCsvFiles(files.paths)
  const { train, test, checksums } = contents
  const other = IDX_NAMES.find((name) => checksums[name] !== OFFICIAL_CHECKSUMS[name])
  if (other !== undefined && files.form === 'idx' && (source === 'cache' || source === 'system')) {
    throw damaged(files.paths[other], other, checksums[other] as string, source)
  }
  const official = other === undefined
  const named = await namesOf(located)
  const classes =
    named ??
    // The CSV form is Fashion-MNIST by its name.
    (official || files.form === 'csv' ? FASHION_CLASSES : unnamedClasses(train.labels, test.labels))
  const note = countFromZero([train.labels, test.labels], classes, named !== undefined)
  checkLabels('train', located, train.labels, classes.length)
  checkLabels('test', located, test.labels, classes.length)
  return { directory, source, form: files.form, channels: 1, classes, note, official, ...contents }
}

async function namesOf({ directory, namesIn }: LocatedData): Promise<readonly string[] | undefined> {
  for (const folder of namesIn) {
    const names = await readClasses(folder)
    if (names !== undefined) return names
  }
  return classesByName(directory)
}

/** Labels 1 to n of n named classes become 0 to n - 1. Returns what is to be said of labels of which none is 0. */
function countFromZero(
  splits: readonly Uint8Array[],
  classes: readonly string[],
  named: boolean,
): string | null {
  const { least, largest } = labelRange(...splits)
  if (least === 0) return null
  if (!named || largest !== classes.length) return `No label is 0: no image is of class ${classes[0]}`
  for (const labels of splits) for (let i = 0; i < labels.length; i++) labels[i] = (labels[i] as number) - 1
  return `No label is 0: they begin at 1, so label 1 is the first class, ${classes[0]}`
}

async function download(directory: string, options: DownloadOptions): Promise<LocatedData> {
  await downloadOfficial(directory, options)
  const { files } = await inspectFolder(directory)
  if (files === undefined) throw new AtelierError(`${directory}: the downloaded files are gone again`)
  return { directory, source: 'download', files, namesIn: [directory] }
}

async function readIdxFiles(paths: Extract<DataFiles, { form: 'idx' }>['paths']): Promise<Contents> {
  const files = await Promise.all(
    IDX_NAMES.map((name) => readIdx(paths[name], name.includes('images') ? 'images' : 'labels')),
  )
  const [trainImages, trainLabels, testImages, testLabels] = files as [IdxFile, IdxFile, IdxFile, IdxFile]
  const checksums = Object.fromEntries(IDX_NAMES.map((name, i) => [name, (files[i] as IdxFile).checksum]))
  for (const name of IDX_NAMES) {
    const actual = IDX_NAMES.find((other) => OFFICIAL_CHECKSUMS[other] === checksums[name])
    if (actual !== undefined && actual !== name) {
      const hint = 'The files have been swapped: give each its own name again'
      throw new AtelierError(mismatch(`${paths[name]}, content`, name, `the official ${actual}`, hint))
    }
  }
  checkCounts(paths['train-labels-idx1-ubyte'], trainImages, trainLabels, testLabels)
  checkCounts(paths['t10k-labels-idx1-ubyte'], testImages, testLabels, trainLabels)
  const [, height, width] = trainImages.extents as [number, number, number]
  const [, testHeight, testWidth] = testImages.extents as [number, number, number]
  if (testHeight !== height || testWidth !== width) {
    const expected = `${height} x ${width} as in the training images`
    const path = paths['t10k-images-idx3-ubyte']
    throw new AtelierError(mismatch(`${path}, image size`, expected, `${testHeight} x ${testWidth}`))
  }
  const train = { images: trainImages.data, labels: trainLabels.data, count: trainLabels.data.length }
  const test = { images: testImages.data, labels: testLabels.data, count: testLabels.data.length }
  return { height, width, train, test, checksums }
}

function checkCounts(path: string, images: IdxFile, labels: IdxFile, otherLabels: IdxFile): void {
  const [count] = images.extents as [number]
  if (count === labels.data.length) return
  const expected = `${count} labels, one for each image of the split`
  const hint =
    count === otherLabels.data.length
      ? 'The files of the training and the test split seem to be swapped'
      : undefined
  throw new AtelierError(mismatch(`${path}, number of items`, expected, String(labels.data.length), hint))
}

async function readCsvFiles(paths: Extract<DataFiles, { form: 'csv' }>['paths']): Promise<Contents> {
  const train = await readCsv(paths.train)
  const test = await readCsv(paths.test)
  if (train.side !== test.side) {
    const [expected, received] = [train.side ** 2 + 1, test.side ** 2 + 1]
    const subject = `${paths.test}, line 1, number of columns`
    throw new AtelierError(mismatch(subject, `${expected} as in the training split`, String(received)))
  }
  const checksums = { [CSV_NAMES.train]: train.checksum, [CSV_NAMES.test]: test.checksum }
  return { height: train.side, width: train.side, train, test, checksums }
}

/** The cache and the system folder promise the official data: other bytes there are damage. */
function damaged(path: string, name: IdxName, received: string, source: DataSource): AtelierError {
  const again = source === 'system' ? 'Install the package dataset-fashion-mnist again' : 'Remove the file'
  const hint = `${again}, or give the folder with --data to use it as it is`
  const expected = OFFICIAL_CHECKSUMS[name]
  return new AtelierError(mismatch(`${path}, SHA-256 of the decompressed bytes`, expected, received, hint))
}

function checkLabels(
  split: 'train' | 'test',
  { files }: LocatedData,
  labels: Uint8Array,
  classes: number,
): void {
  const index = labels.findIndex((label) => label >= classes)
  if (index < 0) return
  const name = split === 'train' ? 'train-labels-idx1-ubyte' : 't10k-labels-idx1-ubyte'
  const path = files.form === 'idx' ? files.paths[name] : files.paths[split]
  const hint =
    labelRange(labels).least === 0
      ? 'More classes are named in classes.json, a JSON array of strings beside the files'
      : 'No label is 0: they begin at 1. Name the classes in classes.json beside the files, that of label 1 first'
  const subject = `${path}, label of image ${index}`
  throw new AtelierError(mismatch(subject, `0 to ${classes - 1}`, String(labels[index]), hint))
}
