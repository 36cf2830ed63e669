/** `atelier report`: one HTML file that shows what a run learned. */
import { Command } from 'commander'
import { examples, type ResourceFlags, trainedArgument, withResourceOptions } from '../options.js'
import { type PlotFlags, plotFormatOption, plotsOption, wantedPlots } from '../plot-flags.js'

interface ReportFlags extends PlotFlags, ResourceFlags {
  readonly out?: string
}

export function reportCommand(): Command {
  const command = new Command('report')
    .description('write an HTML report of a run: curves, confusion matrix with its images, mistakes')
    .argument('<model>', trainedArgument)
    .option(
      '--out <file>',
      'the HTML file (default: report.html in the folder of a run, report-<model>.html here of pretrained weights)',
    )
    .addOption(plotsOption('every plot as a file'))
    .addOption(plotFormatOption())
  return withResourceOptions(command)
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
  const { out } = flags
  const plots = wantedPlots(flags)
  const [{ openTrained }, { openResourcesOf }, { writeReport }] = await Promise.all([
    import('../../runs/open-trained.js'),
    import('../resources.js'),
    import('../../report/report.js'),
  ])
  const run = await openTrained(directory)
  const { dataset, engine } = await openResourcesOf([run], flags)
  const written = await writeReport({ run, dataset, engine, out, plots })
  if (flags.json) process.stdout.write(`${JSON.stringify({ run: run.directory, ...written }, null, 2)}\n`)
  else process.stdout.write(`${[written.file, ...written.plots].join('\n')}\n`)
}
