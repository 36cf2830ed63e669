/** `atelier train`: trains one model by a recipe, then scores it once on the test images. */

import { Command } from 'commander'
import { mismatch, UsageError } from '../../core/errors.js'
import { formatPercent } from '../../core/format.js'
import { atelierCommand } from '../../core/shell.js'
import type { Dataset } from '../../data/dataset.js'
import type { Engine } from '../../engine/engine.js'
import type { RunMetrics } from '../../runs/formats/metrics.js'
import type { RunFolder } from '../../runs/run-folder.js'
import {
  examples,
  modelArgument,
  option,
  precisionOption,
  type ResourceFlags,
  realNumber,
  wholeNumber,
  withResourceOptions,
} from '../options.js'
import {
  batchOption,
  type RecipeFlags,
  recipeOption,
  seedOption,
  setOption,
  settingsOf,
} from '../recipe-flags.js'

interface TrainFlags extends RecipeFlags, ResourceFlags {
  readonly seed: number
  readonly limit?: number
  readonly limitBatches?: number
  readonly overfitBatches?: number
  readonly maxSteps?: number
  readonly out?: string
  readonly resume?: string
  readonly force?: boolean
  readonly dryRun?: boolean
  readonly tensorboard?: boolean
}

export function trainCommand(): Command {
  const command = new Command('train')
    .description('train a model by a recipe and score it on the test images')
    .argument('[model]', modelArgument)
    .addOption(recipeOption())
    .addOption(setOption())
    .addOption(option('--epochs <n>', 'epochs to train', wholeNumber('--epochs')))
    .addOption(
      option(
        '--max-steps <n>',
        'steps to train, instead of the epochs',
        wholeNumber('--max-steps'),
      ).conflicts('epochs'),
    )
    .addOption(batchOption())
    .addOption(option('--lr <x>', 'highest learning rate', realNumber('--lr', { above: 0 })))
    .addOption(precisionOption(['auto', 'f32', 'bf16']))
    .addOption(seedOption())
    .addOption(option('--limit <n>', 'use only so many training images', wholeNumber('--limit')))
    .addOption(
      option('--limit-batches <n>', 'at most so many steps an epoch', wholeNumber('--limit-batches')),
    )
    .addOption(
      option(
        '--overfit-batches <n>',
        'learn the same so many batches in every epoch, without augmentation',
        wholeNumber('--overfit-batches'),
      ).conflicts('limitBatches'),
    )
    .option('--out <dir>', 'new folder for the run (default: runs/<model>-<recipe>-seed<n>)')
    .option('--resume <dir>', 'continue the run in that folder')
    .option('--force', 'resume with another engine or other threads than before')
    .option('--dry-run', 'do one step and one validation, print steps, memory and time, keep nothing')
    .option('--tensorboard', 'also write event files for TensorBoard into the run folder')
  return withResourceOptions(command)
    .addHelpText(
      'after',
      examples(
        'atelier train cnn',
        'atelier train nn --recipe published --seed 1',
        'atelier train ./examples/tiny.ts --epochs 5 --set optimizer.weightDecay=0.01',
        'atelier train --resume runs/cnn-quick-seed1',
      ),
    )
    .action(runTrain)
}

async function runTrain(model: string | undefined, flags: TrainFlags, command: Command): Promise<void> {
  if ((model === undefined) === (flags.resume === undefined)) {
    const received = model === undefined ? 'neither' : `${model} and --resume ${flags.resume}`
    throw new UsageError(mismatch('train', 'a model, or --resume with the folder of a run', received))
  }
  const { openResources } = await import('../resources.js')
  const prepared = model === undefined ? await reopen(flags, command) : await plan(model, flags)
  const { dataset, engine } = await openResources({ ...flags, ...prepared.resources })
  if (flags.dryRun) return rehearse(prepared, dataset, engine, flags)
  const run = await prepared.open(dataset, engine)
  const { test, training } = await trainAndScore(run, dataset, engine, flags)
  const { reportAtEnd } = await import('../final-report.js')
  await reportAtEnd(run, dataset, engine)
  process.stderr.write(`Run folder: ${run.directory}\n`)
  if (flags.json) {
    process.stdout.write(
      `${JSON.stringify({ run: run.directory, model: run.record.model, training, test }, null, 2)}\n`,
    )
  } else {
    process.stdout.write(`Test accuracy ${formatPercent(test.accuracy)}, loss ${test.loss.toFixed(4)}\n`)
  }
}

/** As far as it is not done yet: a run may have been stopped before its report alone. */
async function trainAndScore(
  run: RunFolder,
  dataset: Dataset,
  engine: Engine,
  { tensorboard = false }: TrainFlags,
): Promise<RunMetrics> {
  const { isScored } = await import('../../runs/run-folder.js')
  if (isScored(run)) {
    const [{ readRunMetrics }, { removeLeftovers }] = await Promise.all([
      import('../../runs/read-metrics.js'),
      import('../../core/files.js'),
    ])
    await removeLeftovers(run.directory)
    return readRunMetrics(run)
  }
  const [{ trainVisibly }, { scoreRun }] = await Promise.all([
    import('../training.js'),
    import('../../evaluate/score.js'),
  ])
  return scoreRun(run, dataset, engine, await trainVisibly(run, dataset, engine, { tensorboard }))
}

/** What is known before data and engine are there, and how it then becomes a run folder. */
interface Prepared {
  readonly resources: Pick<ResourceFlags, 'data' | 'engine' | 'threads'>
  /** Makes or opens the run, in another folder where one is given. */
  readonly open: (dataset: Dataset, engine: Engine, elsewhere?: string) => Promise<RunFolder>
}

async function rehearse(
  { open }: Prepared,
  dataset: Dataset,
  engine: Engine,
  { out, json }: TrainFlags,
): Promise<void> {
  const [{ dryRun }, { formatDryRun }, { catchInterrupts, introduce }, { checkEmpty }] = await Promise.all([
    import('../../train/dry-run.js'),
    import('../dry-run-text.js'),
    import('../training.js'),
    import('../../runs/run-folder.js'),
  ])
  if (out !== undefined) await checkEmpty(out)
  const introduced = async (directory: string): Promise<RunFolder> => {
    const run = await open(dataset, engine, directory)
    introduce(run.record, engine)
    return run
  }
  const interruption = catchInterrupts()
  const found = await dryRun(dataset, engine, introduced, interruption.signal).finally(interruption.release)
  process.stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : formatDryRun(found))
}

async function plan(model: string, flags: TrainFlags): Promise<Prepared> {
  const [{ chooseModelAndRecipe }, { prepareRun }] = await Promise.all([
    import('../recipe-flags.js'),
    import('../../train/prepare.js'),
  ])
  const { seed, limit = null, limitBatches = null, overfitBatches = null, maxSteps = null } = flags
  // Batches that are to be learnt by heart have to stay as they are.
  const settings = [...settingsOf(flags), ...(overfitBatches === null ? [] : ['augmentation=null'])]
  const { name, ...chosen } = await chooseModelAndRecipe(model, flags.recipe, settings)
  const directory = flags.out ?? `runs/${name}-${chosen.recipeName}-seed${seed}`
  const asked = { ...chosen, model: name, seed, limit, limitBatches, overfitBatches, maxSteps }
  return {
    resources: flags,
    open: (dataset, engine, elsewhere) => {
      const numbered = (elsewhere ?? flags.out) === undefined
      return prepareRun({ ...asked, directory: elsewhere ?? directory, numbered, dataset, engine })
    },
  }
}

/** What a resumed run has in its record already. */
function changesOf(flags: TrainFlags, command: Command): string[] {
  const fixed = (
    ['recipe', 'seed', 'out', 'limit', 'limitBatches', 'overfitBatches', 'maxSteps', 'dryRun'] as const
  )
    .filter((name) => command.getOptionValueSource(name) === 'cli')
    .map((name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`)
  return [...settingsOf(flags), ...fixed]
}

async function reopen(flags: TrainFlags, command: Command): Promise<Prepared> {
  const [{ openRun, isScored }, { isReported }, { checkResumable }, { flagsOfRun }] = await Promise.all([
    import('../../runs/run-folder.js'),
    import('../../report/files.js'),
    import('../../train/prepare.js'),
    import('../resources.js'),
  ])
  const run = await openRun(flags.resume as string)
  const changes = changesOf(flags, command)
  if (changes.length > 0) {
    const hint = 'Start a new run to change them'
    throw new UsageError(mismatch('--resume', 'no changes to the training', changes.join(', '), hint))
  }
  if (isScored(run) && isReported(run)) {
    const hint = `See how good it is with: ${atelierCommand('evaluate', run.directory)}`
    throw new UsageError(
      mismatch('--resume', 'a run that was stopped', `${run.directory}, which is finished`, hint),
    )
  }
  const { force = false } = flags
  return {
    resources: flagsOfRun(run, flags, force),
    open: async (dataset, engine) => {
      await checkResumable(run, dataset, engine, force)
      return run
    },
  }
}
