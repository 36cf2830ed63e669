/** `atelier evaluate`: how good runs are, each by itself and several together. */
import { Command } from 'commander'
import { formatAlternatives } from '../../core/format.js'
import { type SplitName, splits } from '../../evaluate/splits.js'
import {
  choice,
  examples,
  option,
  precisionOption,
  type ResourceFlags,
  trainedArgument,
  withResourceOptions,
} from '../options.js'

export interface EvaluateFlags extends ResourceFlags {
  readonly split: SplitName
  readonly precision: 'f32' | 'bf16'
  readonly tta?: boolean
  readonly averageWeights?: boolean
}

export function evaluateCommand(): Command {
  const command = new Command('evaluate')
    .description('score models: accuracy, log loss, calibration, each class; several also as an ensemble')
    .argument('<models...>', trainedArgument)
    .addOption(
      option('--split <name>', `images: ${formatAlternatives(splits)}`, choice('--split', splits), 'test'),
    )
    .addOption(precisionOption(['f32', 'bf16'], 'f32'))
    .option('--tta', 'also with test-time augmentation: six views of each image')
    .option('--average-weights', 'of several runs: also one network with the mean of their weights')
  return withResourceOptions(command)
    .addHelpText(
      'after',
      examples(
        'atelier evaluate cnn',
        'atelier evaluate runs/nn-quick-seed1',
        'atelier evaluate runs/cnn-published-seed1 --split validation --json',
        'atelier evaluate runs/cnn-quick-seed1 runs/cnn-quick-seed2 runs/cnn-quick-seed3 --tta',
      ),
    )
    .action(async (names: readonly string[], flags: EvaluateFlags) => {
      const { evaluate } = await import('../evaluation.js')
      await evaluate(names, flags)
    })
}
