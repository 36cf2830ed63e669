/** Several runs' evaluation in plain lines of at most 100 columns. */
import { formatCount, formatTable, type Row } from '../core/format.js'
import type { WithTta } from './evaluate.js'
import type { GroupEvaluation } from './group.js'
import { aboutViews, figureColumns, figuresOf, formatEvaluation } from './text.js'

/** A row for each run and each way to unite them, what these are, then all figures of the ensemble. */
export function formatGroup(group: GroupEvaluation): string {
  const { runs, ensemble } = group
  const folders = runs.map(
    ({ run, recipe, seed }, index) => `${numberOf(index)}  ${run} (recipe ${recipe}, seed ${seed})`,
  )
  const { tta: _, ...plain } = ensemble
  const parts = [formatRows(group), folders.join('\n'), aboutRows(group).join('\n')]
  return `${parts.join('\n\n')}\n\nThe ensemble of ${runs.length} networks\n\n${formatEvaluation(plain)}`
}

const numberOf = (index: number): string => String(index + 1)

function formatRows({ runs, ensemble, averagedWeights }: GroupEvaluation): string {
  const columns = [
    { title: '', align: 'right' },
    { title: '' },
    ...figureColumns,
    ...(ensemble.tta ? [{ title: 'With TTA', align: 'right' } as const] : []),
  ] as const
  const row = (id: string, name: string, evaluation: WithTta): Row => {
    const [withTta] = evaluation.tta ? figuresOf(evaluation.tta) : []
    const figures = figuresOf(evaluation)
    return [id, [...name].slice(0, 20).join(''), ...figures, ...(withTta === undefined ? [] : [withTta])]
  }
  const together = [row('', `Ensemble of ${ensemble.networks}`, ensemble)]
  if (averagedWeights) together.push(row('', 'Averaged weights', averagedWeights))
  const singles = runs.map((run, index) => row(numberOf(index), run.model, run))
  return formatTable(columns, [...singles, 'rule', ...together])
}

function aboutRows({ ensemble, averagedWeights }: GroupEvaluation): readonly string[] {
  const lines = [`Ensemble: the mean of the probabilities of ${ensemble.networks} networks.`]
  if (averagedWeights) {
    const images = formatCount(averagedWeights.statisticsImages)
    lines.push('Averaged weights: one network with the mean of their weights.')
    if (averagedWeights.statisticsImages > 0)
      lines.push(`Its Batch Normalization statistics were taken from ${images} training images.`)
    lines.push('Networks from different first weights seldom average well: between them the loss rises.')
  }
  if (ensemble.tta) lines.push(aboutViews(ensemble.tta))
  return lines
}
