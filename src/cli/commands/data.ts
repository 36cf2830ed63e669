/** `atelier data`: where the data set lies and what is in it. */
import { Command } from 'commander'
import { formatCount } from '../../core/format.js'
import type { Dataset, Split } from '../../data/dataset.js'
import { dataOption, examples, jsonOption } from '../options.js'

interface DataFlags {
  readonly data?: string
  readonly grid?: string
  readonly json?: boolean
}

export function dataCommand(): Command {
  return new Command('data')
    .description('show where the data set lies, its checksums, shapes and class counts')
    .addOption(dataOption())
    .option('--grid <file.png>', 'also write the first 25 training images with their classes')
    .addOption(jsonOption())
    .addHelpText('after', examples('atelier data', 'atelier data --grid grid.png'))
    .action(runData)
}

async function runData(flags: DataFlags): Promise<void> {
  const [{ loadDataset }, { downloadReporter }] = await Promise.all([
    import('../../data/dataset.js'),
    import('../download-progress.js'),
  ])
  const dataset = await loadDataset({ data: flags.data, onProgress: downloadReporter() })
  if (flags.grid !== undefined) {
    const { writeGrid } = await import('../../picture/grid.js')
    await writeGrid(dataset, flags.grid)
  }
  const { OFFICIAL_CHECKSUMS } = await import('../../data/files.js')
  const summary = summarize(dataset, OFFICIAL_CHECKSUMS, flags.grid)
  process.stdout.write(flags.json ? `${JSON.stringify(summary, null, 2)}\n` : describe(summary))
}

type Summary = ReturnType<typeof summarize>

function summarize(dataset: Dataset, officials: Readonly<Record<string, string>>, grid: string | undefined) {
  const { directory, source, form, official, height, width, channels, classes, note, checksums } = dataset
  const files = Object.entries(checksums).map(([name, sha256]) => ({
    name,
    sha256,
    official: officials[name] === sha256,
  }))
  const splits = {
    train: summarizeSplit(dataset.train, classes),
    test: summarizeSplit(dataset.test, classes),
  }
  return { directory, source, form, official, height, width, channels, classes, note, files, splits, grid }
}

function summarizeSplit({ labels, count }: Split, classes: readonly string[]) {
  const perClass = new Array<number>(classes.length).fill(0)
  for (const label of labels) perClass[label] = (perClass[label] as number) + 1
  return { count, perClass }
}

const FOUND = {
  '--data': 'given with --data',
  ATELIER_DATA: 'given with ATELIER_DATA',
  cache: 'in the cache folder',
  system: 'installed on the system',
  download: 'downloaded just now',
} as const

function describe({
  directory,
  source,
  official,
  height,
  width,
  classes,
  note,
  files,
  splits,
  grid,
}: Summary): string {
  const { train, test } = splits
  const nameWidth = Math.max(...classes.map((name) => name.length), 'class'.length)
  const row = (label: string, name: string, left: string, right: string) =>
    `  ${label.padStart(3)}  ${name.padEnd(nameWidth)}  ${left.padStart(7)}  ${right.padStart(7)}`
  const fileWidth = Math.max(...files.map(({ name }) => name.length))
  const lines = [
    `Data       ${directory} (${FOUND[source]})`,
    `Release    ${official ? 'official Fashion-MNIST' : 'not the official Fashion-MNIST files'}`,
    `Training   ${formatCount(train.count)} images, ${height} x ${width} x 1`,
    `Test       ${formatCount(test.count)} images, ${height} x ${width} x 1`,
    ...(note === null ? [] : [`Labels     ${note}`]),
    '',
    'SHA-256 of the decompressed files',
    ...files.map(
      (file) => `  ${file.name.padEnd(fileWidth)}  ${file.sha256}  ${file.official ? 'official' : 'other'}`,
    ),
    '',
    row('', 'class', 'train', 'test'),
    ...classes.map((name, label) =>
      row(
        String(label),
        name,
        formatCount(train.perClass[label] ?? 0),
        formatCount(test.perClass[label] ?? 0),
      ),
    ),
  ]
  if (grid !== undefined) lines.push('', `Grid       ${grid}`)
  return `${lines.join('\n')}\n`
}
