/** `atelier release`: a run's weights as they are shipped. */
import { Command } from 'commander'
import { formatBytes, formatPercent } from '../../core/format.js'
import { dataOption, type EngineName, engineOption, examples, jsonOption, threadsOption } from '../options.js'

interface ReleaseFlags {
  readonly heldOut: string
  readonly out: string
  readonly data?: string
  readonly engine: EngineName
  readonly threads?: number
  readonly json?: boolean
}

export function releaseCommand(): Command {
  return new Command('release')
    .description(
      "write a run's weights in f16 as they are shipped, with configuration, metrics and model card",
    )
    .argument('<run>', 'the folder of a finished run, such as runs/cnn-tuned-seed1')
    .requiredOption(
      '--held-out <run>',
      'run of the same recipe that held images out: its logits set the temperature',
    )
    .option('--out <dir>', "folder of released weights, a model's in a folder of its name", 'pretrained')
    .addOption(dataOption())
    .addOption(engineOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('atelier release runs/cnn-tuned-seed1 --held-out runs/cnn-tuned-held-out'))
    .action(runRelease)
}

async function runRelease(directory: string, flags: ReleaseFlags): Promise<void> {
  const [
    { openNamedRun },
    { trainedRun },
    { loadDataset },
    { chooseEngine },
    { release },
    { downloadReporter },
  ] = await Promise.all([
    import('../runs.js'),
    import('../../train/trained-model.js'),
    import('../../data/dataset.js'),
    import('../../engine/choose.js'),
    import('../../results/release.js'),
    import('../download-progress.js'),
  ])
  const { threads, out, json } = flags
  const run = await trainedRun(await openNamedRun(directory))
  const heldOut = await trainedRun(await openNamedRun(flags.heldOut))
  const [dataset, { engine }] = await Promise.all([
    loadDataset({ data: flags.data, onProgress: downloadReporter() }),
    chooseEngine({ engine: flags.engine, ...(threads === undefined ? {} : { threads }) }),
  ])
  const released = await release({ run, heldOut, out, dataset, engine })
  if (json) {
    process.stdout.write(`${JSON.stringify(released, null, 2)}\n`)
    return
  }
  const { accuracy, f32Accuracy, temperature, bytes } = released
  process.stdout.write(
    `${released.directory}  (${formatBytes(bytes)})\n` +
      `Test accuracy ${formatPercent(accuracy)} as shipped, ${formatPercent(f32Accuracy)} in f32, ` +
      `temperature ${temperature.toFixed(4)}\n`,
  )
}
