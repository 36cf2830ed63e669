/** `atelier reproduce`: the study's four models, trained and evaluated one after another. */
import { Command } from 'commander'
import { mismatch, UsageError } from '../../core/errors.js'
import { formatAlternatives } from '../../core/format.js'
import { isModelName, type ModelName, modelNames } from '../../models/names.js'
import { choice, examples, option, wholeNumber, withResourceOptions } from '../options.js'
import type { ReproduceFlags } from '../reproduction.js'

const profiles: readonly ReproduceFlags['profile'][] = ['quick', 'full']

export function reproduceCommand(): Command {
  const command = new Command('reproduce')
    .description("train and evaluate the study's four models and compare with its published figures")
    .addOption(
      option(
        '--profile <name>',
        'quick: minutes; full: the tuned recipes, 35 minutes on two cores of a Zen 5',
        choice('--profile', profiles),
        'quick',
      ),
    )
    .addOption(option('--models <names>', 'only these, separated by commas', modelList))
    .addOption(option('--seed <n>', 'seed of every model', wholeNumber('--seed', { min: 0 }), 1))
    .option(
      '--out <dir>',
      'folder for the runs (default: runs/reproduce-<profile>[-seed<n>], continued where unfinished)',
    )
    .option('--fresh', 'start anew even where an unfinished reproduction could be continued')
  return withResourceOptions(command)
    .addHelpText('after', examples('atelier reproduce', 'atelier reproduce --models nn,dnn --profile full'))
    .action(async (flags: ReproduceFlags) => {
      const { reproduce } = await import('../reproduction.js')
      await reproduce(flags)
    })
}

function modelList(text: string): readonly ModelName[] {
  const names = text.split(',').map((name) => name.trim())
  const wrong = names.find((name) => !isModelName(name))
  if (wrong !== undefined) {
    throw new UsageError(
      mismatch('--models', `names among ${formatAlternatives(modelNames)}`, wrong || 'nothing'),
    )
  }
  return names.filter(isModelName)
}
