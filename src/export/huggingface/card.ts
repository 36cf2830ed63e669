/** The model card: what a person, and Hugging Face's site, read first. */
import { formatCount, formatPercent, spokenEpochs } from '../../core/format.js'
import { countParameters, inputShapeOf, weightsOf } from '../../graph/graph.js'
import { lengthOf } from '../../runs/formats/length.js'
import type { TrainedModel } from '../../runs/trained-model.js'
import { describeData, type TestFigures } from '../metadata.js'

export interface CardFacts {
  readonly model: TrainedModel
  readonly test: TestFigures | null
  /** The ONNX files below onnx/. */
  readonly onnxFiles: readonly string[]
}

export function modelCard(facts: CardFacts): string {
  return `${frontMatter(facts)}\n${introduction(facts)}\n${usage(facts)}\n${numbers(facts)}\n${limits(facts)}`
}

/** Strings as JSON are YAML too. */
const quoted = (text: string): string => JSON.stringify(text)

function frontMatter({ model, test }: CardFacts): string {
  const title = quoted(`atelier-${model.name}`)
  const lines = [
    '---',
    // Whoever trained weights of their own chooses their licence.
    ...(model.kind === 'pretrained' ? ['license: mit'] : []),
    'library_name: transformers.js',
    'pipeline_tag: image-classification',
    ...(model.record.data.official ? ['datasets:', '- zalando-datasets/fashion_mnist'] : []),
    'tags:',
    ...['image-classification', 'fashion-mnist', 'onnx', 'safetensors'].map((tag) => `- ${tag}`),
  ]
  if (test !== null && model.record.data.official) {
    lines.push(
      'metrics:',
      '- accuracy',
      'model-index:',
      `- name: ${title}`,
      '  results:',
      '  - task:',
      '      type: image-classification',
      '    dataset:',
      '      name: Fashion-MNIST',
      '      type: zalando-datasets/fashion_mnist',
      '      split: test',
      '    metrics:',
      '    - type: accuracy',
      `      value: ${test.accuracy}`,
      `      name: Accuracy on ${test.n} test images`,
    )
  }
  return [...lines, '---', ''].join('\n')
}

function introduction({ model }: CardFacts): string {
  const { parameters } = countParameters(weightsOf(model.graph))
  const [height, width] = inputShapeOf(model.graph)
  return `# ${model.name}, an image classifier

${formatCount(parameters)} parameters, trained with Atelier. It sorts gray ${height} x ${width} images into ${model.classes.length} classes: ${model.classes.join(', ')}.

**Python's \`transformers\` cannot load this folder.** Its \`config.json\` says \`model_type: resnet\` because transformers.js
accepts known types alone; what counts is the graph in \`onnx/model.onnx\`. For Python take that file with onnxruntime, or
\`model.safetensors\` by hand.
`
}

function usage({ model, onnxFiles }: CardFacts): string {
  const [height, width] = inputShapeOf(model.graph)
  return `## Use

\`\`\`js
import { pipeline } from '@huggingface/transformers'

const classify = await pipeline('image-classification', 'FOLDER OR REPOSITORY')
console.log(await classify('image.png', { top_k: 3 }))
\`\`\`

| File | |
| --- | --- |
${onnxFiles.map((file) => `| \`onnx/${file}\` | \`pixel_values\` [batch, 3, ${height}, ${width}], RGB in [0, 1], to \`logits\` [batch, ${model.classes.length}]; ONNX opset 17 |`).join('\n')}
| \`model.safetensors\` | the weights: convolutions [out, in, height, width], dense layers [out, in] after a flatten in the order height, width, channel; the layers in its metadata, \`graph\` |
| \`preprocessor_config.json\` | resize to ${height} x ${width}, divide by 255; all else is in the graph |
`
}

function numbers({ model, test }: CardFacts): string {
  const { record, temperature } = model
  const { recipe } = record
  const epochs = spokenEpochs(lengthOf(record).epochs)
  const rows = [
    ['Data', describeData(record)],
    ['Training', `${epochs} of ${formatCount(record.trainImages)} images, seed ${record.seed}`],
    ['Held out', `${formatCount(record.heldOutImages)} training images`],
    ...(test ? [['Test accuracy', `${formatPercent(test.accuracy)} of ${formatCount(test.n)} images`]] : []),
    ['Pixels', `(x - ${recipe.pixels.mean}) / ${recipe.pixels.deviation}, in the graph`],
    [
      'Temperature',
      temperature === null
        ? 'not fitted: probabilities are not calibrated'
        : `${temperature}: divide the logits by it for calibrated probabilities`,
    ],
    ['Revision of Atelier', record.revision ?? record.machine.atelier],
  ]
  return `## Numbers

| | |
| --- | --- |
${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}
`
}

function limits({ model }: CardFacts): string {
  const [height, width] = inputShapeOf(model.graph)
  return `## Limits

Images have to look like the data's: one thing in the middle of ${height} x ${width} pixels, light on black. A photo wants the
steps that made the data set first (trim, resize, sharpen, pad, negate), which \`atelier predict\` takes and transformers.js
does not. Every image gets one of the ${model.classes.length} classes, whatever it shows.
`
}
