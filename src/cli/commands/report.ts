/** `atelier report`: one HTML file that shows what a run learned. */
import { Command } from 'commander'
import { mismatch, UsageError } from '../../core/errors.js'
import { formatAlternatives } from '../../core/format.js'
import { type PlotFormat, plotFormats } from '../../report/files.js'
import {
  choice,
  dataOption,
  type EngineName,
  engineOption,
  examples,
  jsonOption,
  option,
  threadsOption,
} from '../options.js'

interface ReportFlags {
  readonly out?: string
  readonly plots?: string
  readonly plotFormat?: PlotFormat
  readonly data?: string
  readonly engine: EngineName
  readonly threads?: number
  readonly json?: boolean
}

export function reportCommand(): Command {
  return new Command('report')
    .description('write an HTML report of a run: curves, confusion matrix with its images, mistakes')
    .argument('<run>', 'the folder of a finished run, such as runs/nn-quick-seed1')
    .option('--out <file>', 'the HTML file (default: report.html in the folder of the run)')
    .option('--plots <dir>', 'also write every plot as a file into this folder')
    .addOption(
      option(
        '--plot-format <name>',
        `format of these: ${formatAlternatives(plotFormats)} (default: svg)`,
        choice('--plot-format', plotFormats),
      ),
    )
    .addOption(dataOption())
    .addOption(engineOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'atelier report runs/cnn-quick-seed1',
        'atelier report runs/nn-quick-seed1 --plots plots --plot-format png',
      ),
    )
    .action(runReport)
}

async function runReport(directory: string, flags: ReportFlags): Promise<void> {
  const { out, plots, plotFormat, threads } = flags
  if (plotFormat !== undefined && plots === undefined) {
    throw new UsageError(mismatch('--plot-format', '--plots with a folder beside it', 'none'))
  }
  const [{ openNamedRun }, { loadDataset }, { chooseEngine }, { writeReport }, { downloadReporter }] =
    await Promise.all([
      import('../runs.js'),
      import('../../data/dataset.js'),
      import('../../engine/choose.js'),
      import('../../report/report.js'),
      import('../download-progress.js'),
    ])
  const run = await openNamedRun(directory)
  const { data } = run.record
  // Official data are the same wherever they lie; others are where the run had them.
  const folder = flags.data ?? (data.official ? undefined : data.directory)
  const [dataset, { engine }] = await Promise.all([
    loadDataset({ data: folder, onProgress: downloadReporter() }),
    chooseEngine({ engine: flags.engine, ...(threads === undefined ? {} : { threads }) }),
  ])
  const asFiles = plots === undefined ? undefined : { directory: plots, format: plotFormat ?? 'svg' }
  const written = await writeReport({ run, dataset, engine, out, plots: asFiles })
  if (flags.json) process.stdout.write(`${JSON.stringify({ run: run.directory, ...written }, null, 2)}\n`)
  else process.stdout.write(`${[written.file, ...written.plots].join('\n')}\n`)
}
