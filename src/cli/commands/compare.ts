/** `atelier compare`: runs side by side, and where they differ on the same test images. */
import { Command } from 'commander'
import type { CompareFlags } from '../comparison.js'
import { examples, withResourceOptions } from '../options.js'
import { plotFormatOption, plotsOption } from '../plot-flags.js'

export function compareCommand(): Command {
  const command = new Command('compare')
    .description('compare runs: figures, differences on the same test images, who is right where')
    .argument(
      '<models...>',
      "folders of finished runs, names of pretrained weights, 'published' (the study's figures)",
    )
    .option('--show <file.png>', 'of two runs: draw images that one has right and the other wrong')
    .addOption(plotsOption('the learning curves, overlaid,'))
    .addOption(plotFormatOption())
  return withResourceOptions(command)
    .addHelpText(
      'after',
      examples(
        'atelier compare nn dnn published',
        'atelier compare nn dnn cnn --plots curves',
        'atelier compare runs/cnn-quick-seed1 runs/cnn-quick-seed2 --show differences.png',
      ),
    )
    .action(async (names: readonly string[], flags: CompareFlags) => {
      const { compare } = await import('../comparison.js')
      await compare(names, flags)
    })
}
