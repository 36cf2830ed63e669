/** `atelier evaluate`: how good runs are, each by itself and several together. */
import { Command } from 'commander'
import { mismatch, UsageError } from '../../core/errors.js'
import { formatAlternatives } from '../../core/format.js'
import { splits } from '../../evaluate/splits.js'
import type { Recipe } from '../../recipes/recipe.js'
import type { EvaluateFlags } from '../evaluation.js'
import {
  choice,
  examples,
  option,
  precisionOption,
  trainedArgument,
  weightsOption,
  withResourceOptions,
} from '../options.js'

export function evaluateCommand(): Command {
  const command = new Command('evaluate')
    .description('score models: accuracy, log loss, calibration, each class; several also as an ensemble')
    .argument('<models...>', `${trainedArgument}; or one .safetensors file of weights`)
    .addOption(
      option('--split <name>', `images: ${formatAlternatives(splits)}`, choice('--split', splits), 'test'),
    )
    .addOption(precisionOption(['f32', 'bf16'], 'f32'))
    .addOption(weightsOption())
    .option('--tta', 'also with test-time augmentation: six views of each image')
    .option('--average-weights', 'of several runs: also one network with the mean of their weights')
    .option('--model <name>', 'of a weights file: the model, by its name or as the path of a .ts file')
    .addOption(
      option(
        '--pixels <mean,deviation>',
        'of a weights file: how it wants pixels in [0, 1] standardized (default: as it says itself)',
        pixelStatistics,
      ),
    )
  return withResourceOptions(command)
    .addHelpText(
      'after',
      examples(
        'atelier evaluate cnn',
        'atelier evaluate runs/nn-quick-seed1',
        'atelier evaluate runs/cnn-published-seed1 --split validation --json',
        'atelier evaluate runs/cnn-published-seed1 --weights best',
        'atelier evaluate runs/cnn-quick-seed1 runs/cnn-quick-seed2 runs/cnn-quick-seed3 --tta',
        'atelier evaluate elsewhere.safetensors --model cnn --pixels 0.286,0.353',
      ),
    )
    .action(async (names: readonly string[], flags: EvaluateFlags) => {
      const { evaluate } = await import('../evaluation.js')
      await evaluate(names, flags)
    })
}

function pixelStatistics(text: string): Recipe['pixels'] {
  const [mean = Number.NaN, deviation = Number.NaN, ...more] = text.split(',').map(Number)
  if (Number.isFinite(mean) && Number.isFinite(deviation) && deviation > 0 && more.length === 0) {
    return { mean, deviation }
  }
  throw new UsageError(mismatch('--pixels', 'a mean and a deviation above 0, such as 0.286,0.353', text))
}
