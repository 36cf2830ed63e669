/** `atelier predict`: what photos show, in calibrated probabilities, with a warning where a model cannot know. */
import { Command } from 'commander'
import { formatAlternatives } from '../../core/format.js'
import {
  choice,
  engineOption,
  examples,
  jsonOption,
  option,
  threadsOption,
  weightsOption,
  wholeNumber,
} from '../options.js'
import type { PredictFlags } from '../prediction.js'

const inversions: readonly PredictFlags['invert'][] = ['auto', 'yes', 'no']

export function predictCommand(): Command {
  return new Command('predict')
    .description('name what photos show, in calibrated probabilities')
    .argument('<models>', 'names of models or folders of runs, separated by commas: cnn,resnet50')
    .argument('<images...>', 'image files, folders of them, - for standard input')
    .addOption(option('--top <k>', 'classes to print of each image', wholeNumber('--top', { max: 256 }), 3))
    .addOption(
      option(
        '--invert <when>',
        `negate intensities: ${formatAlternatives(inversions)}; auto finds out by the background`,
        choice('--invert', inversions),
        'auto',
      ),
    )
    .addOption(weightsOption())
    .option('--show <file.png>', 'also draw the steps from the one image to what the models saw')
    .addOption(engineOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'atelier predict cnn photo.jpg',
        'atelier predict cnn,resnet50 photo.jpg --show steps.png',
        'atelier predict cnn photos/ --json',
      ),
    )
    .action(async (models: string, images: readonly string[], flags: PredictFlags) => {
      const { predictFiles } = await import('../prediction.js')
      await predictFiles(models.split(','), images, flags)
    })
}
