/** `atelier reproduce`: the study's four models, trained and evaluated one after another. */
import { Command } from 'commander'
import { mismatch, UsageError } from '../../core/errors.js'
import { formatAlternatives } from '../../core/format.js'
import { isStudyName, type StudyName, studyNames } from '../../models/names.js'
import { choice, examples, option, realNumber, wholeNumber, withResourceOptions } from '../options.js'
import { profiles, type ReproduceFlags } from '../reproduction-flags.js'

export function reproduceCommand(): Command {
  const command = new Command('reproduce')
    .description("train and evaluate the study's four models and compare with its published figures")
    .addOption(
      option(
        '--minutes <n>',
        'time for all of them, from which steps are reckoned beforehand (default: 8)',
        realNumber('--minutes', { above: 0 }),
      ),
    )
    .addOption(
      option(
        '--profile <name>',
        'whole recipes instead; quick: 5 minutes, full: 35 on two cores of a Zen 5',
        choice('--profile', profiles),
      ).conflicts('minutes'),
    )
    .addOption(option('--models <names>', 'only these, separated by commas', modelList))
    .addOption(option('--seed <n>', 'seed of every model', wholeNumber('--seed', { min: 0 }), 1))
    .option(
      '--out <dir>',
      'folder for the runs (default: runs/reproduce-8min, or by the flags; continued where unfinished)',
    )
    .option('--fresh', 'start anew even where an unfinished reproduction could be continued')
  return withResourceOptions(command)
    .addHelpText(
      'after',
      examples(
        'atelier reproduce',
        'atelier reproduce --minutes 20',
        'atelier reproduce --models nn,dnn --profile full',
      ),
    )
    .action(async (flags: ReproduceFlags) => {
      const { reproduce } = await import('../reproduction.js')
      await reproduce(flags)
    })
}

function modelList(text: string): readonly StudyName[] {
  const names = text.split(',').map((name) => name.trim())
  const wrong = names.find((name) => !isStudyName(name))
  if (wrong !== undefined) {
    throw new UsageError(
      mismatch('--models', `names among ${formatAlternatives(studyNames)}`, wrong || 'nothing'),
    )
  }
  return names.filter(isStudyName)
}
