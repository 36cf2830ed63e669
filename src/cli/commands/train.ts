/** `atelier train`: trains one model by a recipe, then scores it once on the test images. */
import { Command, Option } from 'commander'
import { mismatch, UsageError } from '../../core/errors.js'
import { formatPercent } from '../../core/format.js'
import type { Dataset } from '../../data/dataset.js'
import type { Engine } from '../../engine/engine.js'
import type { RunFolder } from '../../train/run-folder.js'
import {
  dataOption,
  type EngineName,
  engineOption,
  examples,
  jsonOption,
  option,
  precisionOption,
  realNumber,
  threadsOption,
  wholeNumber,
} from '../options.js'

interface TrainFlags {
  readonly recipe: string
  readonly set: readonly string[]
  readonly epochs?: number
  readonly batch?: number
  readonly lr?: number
  readonly precision?: 'auto' | 'f32' | 'bf16'
  readonly seed: number
  readonly limit?: number
  readonly data?: string
  readonly out?: string
  readonly resume?: string
  readonly force?: boolean
  readonly engine: EngineName
  readonly threads?: number
  readonly json?: boolean
}

export function trainCommand(): Command {
  return new Command('train')
    .description('train a model by a recipe and score it on the test images')
    .argument(
      '[model]',
      'nn, dnn, cnn, resnet50, or the path of a .ts, .js or .mjs file that exports a model',
    )
    .option('--recipe <name>', 'quick, published, or a .json file of recipe values', 'quick')
    .addOption(
      new Option(
        '--set <key=value>',
        'change any value of the recipe, such as schedule.warmup=0.1; repeatable',
      )
        .default([], 'none')
        .argParser((value: string, previous: readonly string[]) => [...previous, value]),
    )
    .addOption(option('--epochs <n>', 'epochs to train', wholeNumber('--epochs')))
    .addOption(option('--batch <n>', 'images a step', wholeNumber('--batch')))
    .addOption(option('--lr <x>', 'highest learning rate', realNumber('--lr', { above: 0 })))
    .addOption(precisionOption(['auto', 'f32', 'bf16']))
    .addOption(
      option(
        '--seed <n>',
        'seed of weights, order, dropout, augmentation',
        wholeNumber('--seed', { min: 0 }),
        1,
      ),
    )
    .addOption(option('--limit <n>', 'use only so many training images', wholeNumber('--limit')))
    .addOption(dataOption())
    .option('--out <dir>', 'new folder for the run (default: runs/<model>-<recipe>-seed<n>)')
    .option('--resume <dir>', 'continue the run in that folder')
    .option('--force', 'resume with another engine or other threads than before')
    .addOption(engineOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
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

async function runTrain(model: string | undefined, flags: TrainFlags): Promise<void> {
  if ((model === undefined) === (flags.resume === undefined)) {
    const received = model === undefined ? 'neither' : `${model} and --resume ${flags.resume}`
    throw new UsageError(mismatch('train', 'a model, or --resume with the folder of a run', received))
  }
  const [{ loadDataset }, { chooseEngine }, { downloadReporter }] = await Promise.all([
    import('../../data/dataset.js'),
    import('../../engine/choose.js'),
    import('../download-progress.js'),
  ])
  const prepared = model === undefined ? await reopen(flags) : await plan(model, flags)
  const [dataset, { engine, reason }] = await Promise.all([
    loadDataset({ data: prepared.data, onProgress: downloadReporter() }),
    chooseEngine({
      engine: flags.engine,
      ...(flags.threads === undefined ? {} : { threads: flags.threads }),
    }),
  ])
  if (engine.name === 'reference' && flags.engine === 'auto') process.stderr.write(`${reason}\n`)
  const run = await prepared.open(dataset, engine)
  const { trainVisibly } = await import('../training.js')
  const { history, seconds } = await trainVisibly(run, dataset, engine)
  const { scoreRun } = await import('../../evaluate/score.js')
  const { test, training } = await scoreRun(run, dataset, engine, { history, seconds })
  process.stderr.write(`Run folder: ${run.directory}\n`)
  if (flags.json) {
    process.stdout.write(
      `${JSON.stringify({ run: run.directory, model: run.record.model, training, test }, null, 2)}\n`,
    )
  } else {
    process.stdout.write(`Test accuracy ${formatPercent(test.accuracy)}, loss ${test.loss.toFixed(4)}\n`)
  }
}

/** What is known before data and engine are there, and how it then becomes a run folder. */
interface Prepared {
  readonly data: string | undefined
  readonly open: (dataset: Dataset, engine: Engine) => Promise<RunFolder>
}

async function plan(model: string, flags: TrainFlags): Promise<Prepared> {
  const [{ loadModel }, { chooseRecipe, applySettings }, { prepareRun }, { freeDirectory }] =
    await Promise.all([
      import('../../models/load.js'),
      import('../../train/recipes/index.js'),
      import('../../train/prepare.js'),
      import('../../train/run-folder.js'),
    ])
  const { graph, name, source } = await loadModel(model)
  const { name: recipeName, recipe: chosen } = await chooseRecipe(flags.recipe, name)
  const settings = settingsOf(flags)
  const recipe = applySettings(chosen, settings)
  const { seed, limit = null } = flags
  const directory = flags.out ?? freeDirectory(`runs/${name}-${recipeName}-seed${seed}`)
  return {
    data: flags.data,
    open: (dataset, engine) =>
      prepareRun({
        directory,
        model: name,
        source,
        graph,
        recipeName,
        recipe,
        settings,
        seed,
        limit,
        dataset,
        engine,
      }),
  }
}

/** The short flags are `--set` in other words. */
function settingsOf({ set, epochs, batch, lr, precision }: TrainFlags): string[] {
  const named = { epochs, batch, 'schedule.learningRate': lr, precision }
  const given = Object.entries(named).filter(([, value]) => value !== undefined)
  return [...set, ...given.map(([key, value]) => `${key}=${value}`)]
}

async function reopen(flags: TrainFlags): Promise<Prepared> {
  const [{ openRun, isFinished }, { checkResumable }] = await Promise.all([
    import('../../train/run-folder.js'),
    import('../../train/prepare.js'),
  ])
  const run = await openRun(flags.resume as string)
  if (settingsOf(flags).length > 0) {
    const hint = 'Start a new run to change them'
    throw new UsageError(mismatch('--resume', 'no changes to the recipe', settingsOf(flags).join(', '), hint))
  }
  if (isFinished(run)) {
    const hint = `See how good it is with: atelier evaluate ${run.directory}`
    throw new UsageError(
      mismatch('--resume', 'a run that was stopped', `${run.directory}, which is finished`, hint),
    )
  }
  // Data that was found by itself at the start is found so again.
  return {
    data: flags.data ?? run.record.data.directory,
    open: async (dataset, engine) => {
      checkResumable(run, dataset, engine, flags.force ?? false)
      return run
    },
  }
}
