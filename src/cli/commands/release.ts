/** `atelier release`: a run's weights, made a release. */
import { Command } from 'commander'
import { formatBytes, formatPercent } from '../../core/format.js'
import { examples, type ResourceFlags, withResourceOptions } from '../options.js'

interface ReleaseFlags extends ResourceFlags {
  readonly heldOut: string
  readonly out: string
}

export function releaseCommand(): Command {
  const command = new Command('release')
    .description("write a run's weights in f16 for release, with configuration, metrics and model card")
    .argument('<run>', 'the folder of a finished run, such as runs/cnn-tuned-seed1')
    .requiredOption(
      '--held-out <run>',
      'run of the same recipe that held images out: its logits set the temperature',
    )
    .option('--out <dir>', "folder of released weights, a model's in a folder of its name", 'pretrained')
  return withResourceOptions(command)
    .addHelpText('after', examples('atelier release runs/cnn-tuned-seed1 --held-out runs/cnn-tuned-held-out'))
    .action(runRelease)
}

async function runRelease(directory: string, flags: ReleaseFlags): Promise<void> {
  const [{ openNamedRun }, { trainedRun }, { release }, { openResources }] = await Promise.all([
    import('../named-run.js'),
    import('../../runs/trained-model.js'),
    import('../../results/release.js'),
    import('../resources.js'),
  ])
  const { out, json } = flags
  const run = await trainedRun(await openNamedRun(directory))
  const heldOut = await trainedRun(await openNamedRun(flags.heldOut))
  const resources = await openResources(flags)
  const released = await release({ run, heldOut, out, ...resources })
  if (json) {
    process.stdout.write(`${JSON.stringify(released, null, 2)}\n`)
    return
  }
  const { accuracy, f32Accuracy, temperature, bytes } = released
  process.stdout.write(
    `${released.directory}  (${formatBytes(bytes)})\n` +
      `Test accuracy ${formatPercent(accuracy)} as released, ${formatPercent(f32Accuracy)} in f32, ` +
      `temperature ${temperature.toFixed(4)}\n`,
  )
}
