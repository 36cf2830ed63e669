/** The model card of released weights. */
import { formatCount, formatPercent } from '../core/format.js'
import { countParameters, type Graph, weightsOf } from '../graph/graph.js'
import { type ModelName, models } from '../models/index.js'
import type { ReleasedMetrics } from '../runs/formats/metrics.js'
import type { ReleaseConfig } from '../runs/formats/release-config.js'
import { code, intervalOr, minutes, right, table } from './markdown.js'
import { commandFor } from './repeat.js'

export function modelCard(config: ReleaseConfig, graph: Graph, metrics: ReleasedMetrics): string {
  const name = config.model as ModelName
  const normalized = graph.nodes.some(({ op }) => op === 'batchNormalization')
  const { parameters } = countParameters(weightsOf(graph))
  const head =
    `# ${name}: clothes in 28 x 28 gray pixels, ten classes\n\n` +
    `A classifier of Fashion-MNIST (${models[name].title}; ${formatCount(parameters)} parameters), trained by ` +
    `Atelier. The weights are in f16${normalized ? ', those of Batch Normalization in f32' : ''}; it is scored in f32.`
  const sections = [
    results(metrics),
    classTable(metrics),
    loading(config),
    training(config, metrics),
    use,
    licence,
  ]
  return `${[head, ...sections].join('\n\n')}\n`
}

function results({ test, f32, heldOut, calibration, familiarity }: ReleasedMetrics): string {
  const scaled = test.temperatureScaling
  const rows = [
    ['Accuracy', `${formatPercent(test.accuracy)} (95 % interval ${intervalOr(test.interval)}, Wilson)`],
    ['Accuracy before rounding to f16', formatPercent(f32.accuracy)],
    ['Among the first two, three', `${formatPercent(test.top2)}, ${formatPercent(test.top3)}`],
    ['Log loss', `${test.loss.toFixed(4)}; with temperature ${scaled?.loss.toFixed(4) ?? '-'}`],
    [
      'Calibration error',
      `${formatPercent(test.calibration.ece)}; with temperature ${scaled ? formatPercent(scaled.ece) : '-'}`,
    ],
    ['Temperature', `${calibration.temperature.toFixed(4)}, fitted on ${calibration.fittedOn}`],
    [
      'Unfamiliar from',
      `${familiarity.threshold.toFixed(4)}, beyond which ${formatPercent(familiarity.falseAlarms)} of them lie`,
    ],
    [
      'Accuracy on these',
      `${formatPercent(heldOut.accuracy)} of ${formatCount(heldOut.n)}, by the run that held them out`,
    ],
  ]
  return `## Results\n\nOf these very weights, on the ${formatCount(test.n)} official test images, without test-time augmentation.\n\n${table([{ title: '' }, { title: '' }], rows)}`
}

function classTable({ test }: ReleasedMetrics): string {
  const columns = [{ title: 'Class' }, right('Images'), right('Recall'), right('Precision'), right('F1')]
  const rows = test.perClass.map(({ name, n, recall, precision, f1 }) => [
    name,
    formatCount(n),
    formatPercent(recall),
    formatPercent(precision),
    formatPercent(f1),
  ])
  const pairs = test.confusedPairs
    .slice(0, 3)
    .map(
      ({ trueClass, predictedClass, count }) =>
        `${trueClass} for ${predictedClass} (${formatCount(count)} images)`,
    )
  return `## By class\n\n${table(columns, rows)}\n\nMost often taken: ${pairs.join(', ')}.`
}

function loading({ model, pixels }: ReleaseConfig): string {
  const sign = pixels.shift < 0 ? '-' : '+'
  return `## How to load it

\`\`\`sh
atelier evaluate ${model}
\`\`\`

| File | Content |
| --- | --- |
| \`model.safetensors\` | weights by \`<layer>.<suffix>\`: kernels of convolutions [out, in, height, width], of dense layers [out, in] |
| \`config.json\` | layers, classes, what becomes of a pixel, the recipe with all its values, seed, revision, hardware |
| \`metrics.json\` | all figures of this page, the confusion matrix and the reliability bins |
| \`history.csv\` | loss and accuracy of each epoch |
| \`held-out.safetensors\` | logits (f16) and labels of the held-out images, with which those of a photo are compared |

An image is 28 x 28 gray values of 0 (background) to 255, of which the network sees
${pixels.scale} x value ${sign} ${Math.abs(pixels.shift)}. \`flatten\` goes by height, width, channel.
The logits come in the order of \`classes\`; divided by the temperature, their softmax is calibrated.`
}

function training({ training, heldOut }: ReleaseConfig, metrics: ReleasedMetrics): string {
  const { recipeName, seed, trainImages, engine, machine, precision, revision } = training
  const { epochs, seconds, accuracy } = metrics.training
  const rows = [
    [
      'Data',
      `Fashion-MNIST, second release, the official files; ${formatCount(trainImages)} training images`,
    ],
    ['Recipe', `${code(recipeName)}, ${epochs} epochs, seed ${seed}; its values are in \`config.json\``],
    ['Train accuracy', `${formatPercent(accuracy)}, the running value of the last epoch`],
    ['Time', `${minutes(seconds)} minutes`],
    ['Hardware', `${machine.cpu}, ${engine.description}; trained in ${precision}`],
    ['Revision', revision ?? 'not recorded'],
    ['Again', code(commandFor(training))],
    [
      'Held-out run',
      `the same recipe, seed ${heldOut.seed}, on ${formatCount(heldOut.trainImages)} images, ` +
        `${formatCount(heldOut.heldOutImages)} held out`,
    ],
  ]
  return `## Training\n\n${table([{ title: '' }, { title: '' }], rows)}`
}

const use = `## Intended use and limits

It is for learning, teaching and comparing: a small classifier whose every figure can be made again. It is not for
decisions about people or goods.

- It knows ten classes, and gives one of them to whatever it is shown. All its images came from one shop's catalogue:
  a single article in front of nothing, in 28 x 28 gray pixels. Photographs have to be brought into that form first,
  and what that shop did not sell is not in the data.
- Shirt, T-shirt/top, Pullover and Coat are often mistaken for one another, and some labels of the data are wrong.
- The test images chose neither recipe nor seed; but they have been public since 2017, and much of what is known to
  work on this data was found with them.`

const licence = `## Licence

MIT, as Atelier. Fashion-MNIST is Zalando's (Xiao, Rasul and Vollgraf, arXiv 1708.07747), under MIT too.`
