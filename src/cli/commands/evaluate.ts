/** `atelier evaluate`: accuracy with its interval, log loss, calibration, scores by class and confusions of a run. */
import { Command } from 'commander'
import { formatAlternatives, formatCount } from '../../core/format.js'
import { type SplitName, splits } from '../../evaluate/splits.js'
import {
  choice,
  dataOption,
  type EngineName,
  engineOption,
  examples,
  jsonOption,
  option,
  precisionOption,
  threadsOption,
  trainedArgument,
} from '../options.js'

interface EvaluateFlags {
  readonly split: SplitName
  readonly precision: 'f32' | 'bf16'
  readonly engine: EngineName
  readonly threads?: number
  readonly data?: string
  readonly json?: boolean
}

export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('score a run: accuracy, log loss, calibration, each class, confusions')
    .argument('<model>', trainedArgument)
    .addOption(
      option('--split <name>', `images: ${formatAlternatives(splits)}`, choice('--split', splits), 'test'),
    )
    .addOption(precisionOption(['f32', 'bf16'], 'f32'))
    .addOption(dataOption())
    .addOption(engineOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'atelier evaluate cnn',
        'atelier evaluate runs/nn-quick-seed1',
        'atelier evaluate runs/cnn-published-seed1 --split validation --json',
      ),
    )
    .action(runEvaluate)
}

async function runEvaluate(directory: string, flags: EvaluateFlags): Promise<void> {
  const [
    { openTrained },
    { loadDataset },
    { chooseEngine },
    { evaluateRun },
    { readMetrics },
    { downloadReporter },
  ] = await Promise.all([
    import('../../train/open-trained.js'),
    import('../../data/dataset.js'),
    import('../../engine/choose.js'),
    import('../../evaluate/evaluate.js'),
    import('../../evaluate/score.js'),
    import('../download-progress.js'),
  ])
  const run = await openTrained(directory)
  const { model, data } = run.record
  const { split, precision, threads, json } = flags
  // Official data are the same wherever they lie; others are where the run had them.
  const folder = flags.data ?? (data.official ? undefined : data.directory)
  const [dataset, { engine, reason }] = await Promise.all([
    loadDataset({ data: folder, onProgress: downloadReporter() }),
    chooseEngine({ engine: flags.engine, ...(threads === undefined ? {} : { threads }) }),
  ])
  if (engine.name === 'reference' && flags.engine === 'auto') process.stderr.write(`${reason}\n`)
  const temperature = (await readMetrics(run))?.calibration ?? null
  const evaluation = await evaluateRun({ run, dataset, engine, split, precision, temperature })
  if (json) {
    const answer = { model, run: run.directory, split, ...evaluation, engine: engine.name, precision }
    process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`)
    return
  }
  const { formatEvaluation } = await import('../../evaluate/text.js')
  const head = `${model} on the ${formatCount(evaluation.n)} ${split} images (${run.directory}, ${engine.name} engine, ${precision})`
  process.stdout.write(`${head}\n\n${formatEvaluation(evaluation)}`)
}
