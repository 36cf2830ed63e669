/** What was trained, and how good it became. */
import { formatCount, formatEpochs, formatPercent, spokenDuration, spokenEpochs } from '../../core/format.js'
import { countParameters, weightsOf } from '../../graph/graph.js'
import { type Html, html, type Part } from '../../page/html.js'
import type { Section } from '../../page/page.js'
import { pairs } from '../../page/tables.js'
import type { Recipe } from '../../recipes/recipe.js'
import type { EpochRow } from '../../runs/formats/history.js'
import { keptEpochOf } from '../../train/early-stopping.js'
import type { RunContent } from '../content.js'

export function summarySection(content: RunContent): Section {
  const { record } = content.run
  const body = html`${facts(factsOf(content))}
<div class="columns">
${pairs('Run', runRows(content))}
${pairs(`Recipe ${record.recipeName}`, recipeRows(record.recipe))}
</div>`
  return { id: 'summary', title: 'Summary', body }
}

export interface Fact {
  readonly name: string
  readonly value: string
  readonly more?: string
}

export function facts(list: readonly Fact[]): Html {
  return html`<dl class="facts">${list.map(
    ({ name, value, more }) =>
      html`<div><dt>${name}</dt><dd>${value}${more === undefined ? null : html` <small>${more}</small>`}</dd></div>`,
  )}</dl>`
}

function factsOf({ run, test, history }: RunContent): readonly Fact[] {
  const { parameters, trainable } = countParameters(weightsOf(run.graph))
  const { low, high } = test.interval
  const last = history.at(-1)
  const seconds = history.reduce((sum, row) => sum + row.seconds, 0)
  return [
    {
      name: 'Test accuracy',
      value: formatPercent(test.accuracy),
      more: `${(100 * low).toFixed(2)} to ${formatPercent(high)} with 95 % confidence`,
    },
    { name: 'Test loss', value: test.loss.toFixed(4), more: `of ${formatCount(test.n)} images` },
    {
      name: 'Among the first two',
      value: formatPercent(test.top2),
      more: `${formatPercent(test.top3)} among the first three`,
    },
    ...(last === undefined
      ? []
      : [
          {
            name: 'Training accuracy',
            value: formatPercent(last.accuracy),
            more: 'mean of the last epoch, while it learned',
          },
        ]),
    { name: 'Parameters', value: formatCount(parameters), more: `${formatCount(trainable)} trainable` },
    { name: 'Training time', value: spokenDuration(seconds), more: spokenEpochs(last?.epoch ?? 0) },
  ]
}

function runRows({ run, history }: RunContent): readonly (readonly [string, Part])[] {
  const { record } = run
  const { data, limit, limitBatches, maxSteps, overfitBatches } = record
  const optional: readonly (readonly [string, string | null])[] = [
    ['Model file', record.source],
    ['Changed', record.settings.length > 0 ? record.settings.join(', ') : null],
    ['Images at most', limit === null ? null : formatCount(limit)],
    ['Steps an epoch at most', limitBatches === null ? null : formatCount(limitBatches)],
    ['Steps in all', maxSteps === null ? null : formatCount(maxSteps)],
    ['Weights of epoch', keptEpochText(record.recipe, history)],
    ['Batches learned by heart', overfitBatches === null ? null : formatCount(overfitBatches)],
    ['Revision', record.revision?.replace(/^(\w{12})\w*/, '$1') ?? null],
  ]
  return [
    ['Model', record.model],
    ['Data', data.official ? 'Fashion-MNIST, the official files' : data.directory],
    ['Training images', formatCount(record.trainImages)],
    ['Images held out', record.heldOutImages === 0 ? 'none' : formatCount(record.heldOutImages)],
    ['Seed', String(record.seed)],
    ['Precision', record.precision],
    ['Started', record.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')],
    ['Command', html`<code>${record.command}</code>`],
    ...optional.filter((row): row is readonly [string, string] => row[1] !== null),
  ]
}

/** Every value of the recipe; objects by their names and a dot, as `--set` takes them. */
export function recipeRows(recipe: object, prefix = ''): readonly (readonly [string, string])[] {
  return Object.entries(recipe).flatMap(([key, value]: [string, unknown]) => {
    const name = `${prefix}${key}`
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return recipeRows(value, `${name}.`)
    return [
      [name, Array.isArray(value) ? value.join(' to ') : value === null ? 'none' : String(value)] as const,
    ]
  })
}

/** Where the weights are those of the epoch that did best on the images held out. */
function keptEpochText(recipe: Recipe, history: readonly EpochRow[]): string | null {
  const [kept, last] = [keptEpochOf(history, recipe), history.at(-1)]
  if (!recipe.earlyStopping?.restoreBest || kept === undefined || last === undefined) return null
  return `${formatEpochs(kept.epoch)}, the best of ${formatEpochs(last.epoch)}`
}
