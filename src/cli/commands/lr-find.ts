/** `atelier lr-find`: the learning-rate range test, its curve and a suggestion. */
import { Command } from 'commander'
import { mismatch, UsageError } from '../../core/errors.js'
import type { RangeTest } from '../../train/range-test.js'
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
import { batchOption, type RecipeFlags, recipeOption, seedOption, setOption } from '../recipe-flags.js'

interface LrFindFlags extends Omit<RecipeFlags, 'epochs' | 'lr'>, ResourceFlags {
  readonly from: number
  readonly to: number
  readonly steps: number
  readonly seed: number
  readonly out?: string
}

export function lrFindCommand(): Command {
  const command = new Command('lr-find')
    .description('find a learning rate: train under a growing one and see where the loss falls')
    .argument('<model>', modelArgument)
    .addOption(recipeOption())
    .addOption(setOption())
    .addOption(batchOption())
    .addOption(precisionOption(['auto', 'f32', 'bf16']))
    .addOption(option('--from <x>', 'first learning rate', realNumber('--from', { above: 0 }), 1e-7))
    .addOption(option('--to <x>', 'last learning rate', realNumber('--to', { above: 0 }), 1))
    .addOption(option('--steps <n>', 'training steps', wholeNumber('--steps', { min: 10 }), 150))
    .addOption(seedOption())
    .option('--out <file>', 'also write the curve, as .svg or .png')
  return withResourceOptions(command)
    .addHelpText('after', examples('atelier lr-find cnn', 'atelier lr-find ./my-model.ts --batch 64 --json'))
    .action(runLrFind)
}

async function runLrFind(model: string, flags: LrFindFlags): Promise<void> {
  const { from, to, steps, seed, out } = flags
  if (from >= to) throw new UsageError(mismatch('--to', `a rate above --from ${from}`, String(to)))
  if (out !== undefined && !/\.(svg|png)$/.test(out)) {
    throw new UsageError(mismatch('--out', 'a file name that ends in .svg or .png', out))
  }
  const [{ openResources }, recipes, { rangeTest }, { fitToData }] = await Promise.all([
    import('../resources.js'),
    import('../recipe-flags.js'),
    import('../../train/range-test.js'),
    import('../../train/prepare.js'),
  ])
  const chosen = await recipes.chooseModelAndRecipe(model, flags.recipe, recipes.settingsOf(flags))
  const { dataset, engine } = await openResources(flags)
  const { recipe, name, recipeName } = chosen
  const graph = fitToData({ ...chosen, model: name }, dataset)
  const test = await rangeTest({ engine, graph, recipe, dataset, seed, steps, from, to })
  if (out !== undefined) await drawCurve(test, out)
  if (flags.json) {
    const answer = { model: name, recipe: recipeName, batch: recipe.batch, seed, from, to, steps, ...test }
    process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`)
    return
  }
  const head = `${name}, recipe ${recipeName}, batch ${recipe.batch}, ${recipe.optimizer.kind}`
  const { formatRangeTest } = await import('../range-test-text.js')
  process.stdout.write(`${head}\n\n${formatRangeTest(test)}`)
}

async function drawCurve(test: RangeTest, file: string): Promise<void> {
  const [{ rangeTestPlot }, { drawPng, standaloneSvg }, { writeFileAtomically }] = await Promise.all([
    import('../../report/plots/range-test.js'),
    import('../../page/chart.js'),
    import('../../core/files.js'),
  ])
  const plot = rangeTestPlot(test)
  await writeFileAtomically(file, file.endsWith('.svg') ? standaloneSvg(plot) : await drawPng(plot))
}
