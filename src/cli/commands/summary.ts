/** `atelier summary`: a model's layers, output shapes and parameters, in Keras's manner. */
import { Command } from 'commander'
import { mismatch, UsageError } from '../../core/errors.js'
import { formatBytes, formatCount, formatTable } from '../../core/format.js'
import { formatShape, type Shape } from '../../core/shape.js'
import type { Graph } from '../../graph/graph.js'
import type { LoadedModel } from '../../models/load.js'
import { examples, jsonOption, modelArgument, option, wholeNumber } from '../options.js'

export function summaryCommand(): Command {
  return new Command('summary')
    .description('show the layers of a model, their output shapes and parameters')
    .argument('<model>', modelArgument)
    .addOption(
      option(
        '--classes <n>',
        'of one of the four: for data of so many classes',
        wholeNumber('--classes', { max: 256 }),
      ),
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'atelier summary cnn',
        'atelier summary nn --classes 26',
        'atelier summary ./my-model.ts --json',
      ),
    )
    .action(runSummary)
}

interface SummaryFlags {
  readonly classes?: number
  readonly json?: boolean
}

async function runSummary(model: string, flags: SummaryFlags): Promise<void> {
  const { loadModel } = await import('../../models/load.js')
  const loaded = await loadModel(model)
  const graph = flags.classes === undefined ? loaded.graph : await withClasses(loaded, flags.classes)
  const summary = await summarize(graph)
  process.stdout.write(flags.json ? `${JSON.stringify(summary, null, 2)}\n` : formatSummary(summary))
}

async function withClasses({ name, source }: LoadedModel, classes: number): Promise<Graph> {
  const { isModelName, models } = await import('../../models/index.js')
  if (source === null && isModelName(name)) return models[name].build(classes)
  throw new UsageError(
    mismatch('--classes', "one of Atelier's own models, whose last layer fits the data", name),
  )
}

export interface LayerSummary {
  readonly name: string
  readonly kind: string
  /** Of one image's result. */
  readonly shape: Shape
  readonly parameters: number
  readonly trainable: number
  /** Names of the layers it reads. */
  readonly inputs: readonly string[]
}

/** The keys of `--json`. */
export interface Summary {
  readonly model: string
  readonly layers: readonly LayerSummary[]
  readonly parameters: number
  readonly trainable: number
}

export async function summarize(graph: Graph): Promise<Summary> {
  const { countParameters, weightsOf, weightsOfNode } = await import('../../graph/graph.js')
  const layers = graph.nodes.map((node) => ({
    name: node.name,
    kind: node.op,
    shape: node.shape,
    ...countParameters(weightsOfNode(graph, node)),
    inputs: node.inputs.map((index) => graph.nodes[index]?.name ?? ''),
  }))
  return { model: graph.name, layers, ...countParameters(weightsOf(graph)) }
}

export function formatSummary({ model, layers, parameters, trainable }: Summary): string {
  // In a plain chain every layer reads the one above, which need not be said.
  const chain = layers.every(({ inputs }, i) => inputs.every((name) => name === layers[i - 1]?.name))
  const columns = [
    { title: 'Layer' },
    { title: 'Kind' },
    { title: 'Output shape', align: 'right' },
    { title: 'Parameters', align: 'right' },
    ...(chain ? [] : [{ title: 'Reads' }]),
  ] as const
  const rows = layers.map(({ name, kind, shape, parameters, inputs }, i) => {
    const reads = inputs.length === 1 && inputs[0] === layers[i - 1]?.name ? '' : inputs.join(', ')
    return [name, kind, formatShape(shape), formatCount(parameters), ...(chain ? [] : [reads])]
  })
  const totals = [
    ['Parameters', formatCount(parameters), formatBytes(4 * parameters)],
    ['Trainable', formatCount(trainable), ''],
    ['Not trainable', formatCount(parameters - trainable), ''],
  ] as const
  const width = formatCount(parameters).length
  const lines = totals.map(([title, count, size]) =>
    `${title.padEnd(14)} ${count.padStart(width)}  ${size}`.trimEnd(),
  )
  return `Model ${model}\n\n${formatTable(columns, [...rows, 'rule'])}\n${lines.join('\n')}\n`
}
