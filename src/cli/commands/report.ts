/** `atelier report`: one HTML file that shows what a run learned. */
import { Command } from 'commander'
import {
  dataOption,
  type EngineName,
  engineOption,
  examples,
  jsonOption,
  threadsOption,
  trainedArgument,
} from '../options.js'
import { type PlotFlags, plotFormatOption, plotsOption, wantedPlots } from '../plot-flags.js'

interface ReportFlags extends PlotFlags {
  readonly out?: string
  readonly data?: string
  readonly engine: EngineName
  readonly threads?: number
  readonly json?: boolean
}

export function reportCommand(): Command {
  return new Command('report')
    .description('write an HTML report of a run: curves, confusion matrix with its images, mistakes')
    .argument('<model>', trainedArgument)
    .option(
      '--out <file>',
      'the HTML file (default: report.html in the folder of a run, report-<model>.html here of pretrained weights)',
    )
    .addOption(plotsOption('every plot as a file'))
    .addOption(plotFormatOption())
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
  const { out, threads } = flags
  const plots = wantedPlots(flags)
  const [{ openTrained }, { loadDataset }, { chooseEngine }, { writeReport }, { downloadReporter }] =
    await Promise.all([
      import('../../train/open-trained.js'),
      import('../../data/dataset.js'),
      import('../../engine/choose.js'),
      import('../../report/report.js'),
      import('../download-progress.js'),
    ])
  const run = await openTrained(directory)
  const { data } = run.record
  // Official data are the same wherever they lie; others are where the run had them.
  const folder = flags.data ?? (data.official ? undefined : data.directory)
  const [dataset, { engine }] = await Promise.all([
    loadDataset({ data: folder, onProgress: downloadReporter() }),
    chooseEngine({ engine: flags.engine, ...(threads === undefined ? {} : { threads }) }),
  ])
  const written = await writeReport({ run, dataset, engine, out, plots })
  if (flags.json) process.stdout.write(`${JSON.stringify({ run: run.directory, ...written }, null, 2)}\n`)
  else process.stdout.write(`${[written.file, ...written.plots].join('\n')}\n`)
}
