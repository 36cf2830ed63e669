/** `atelier explain`: which places of an image speak for a class, as a picture or as numbers. */

import { Command, Option } from 'commander'
import { mismatch, UsageError } from '../../core/errors.js'
import { formatAlternatives, formatPercent, formatTable } from '../../core/format.js'
import type { Explanation } from '../../explain/explainer.js'
import { type Method, methods, methodTitles } from '../../explain/methods.js'
import type { TrainedModel } from '../../runs/trained-model.js'
import { tellFallback } from '../fallback.js'
import type { NamedImage } from '../image-argument.js'
import {
  choice,
  examples,
  option,
  type ResourceFlags,
  trainedArgument,
  withResourceOptions,
} from '../options.js'

interface ExplainFlags extends ResourceFlags {
  readonly method?: Method
  readonly class?: string
  readonly out?: string
}

/** Where the picture goes, unless told or only numbers are wanted. */
const PICTURE = 'explanation.png'

export function explainCommand(): Command {
  const command = new Command('explain')
    .description('show which places of an image speak for the class that a model takes it for')
    .argument('<model>', trainedArgument)
    .argument('<image>', 'an image file, or test:123 for a test image of the data set')
    .addOption(
      option(
        '--method <name>',
        `${formatAlternatives(methods)} (default: gradcam for convolutional nets, else gradient)`,
        choice('--method', methods),
      ),
    )
    .addOption(new Option('--class <name>', 'class to explain, by name or index (default: the predicted)'))
    .addOption(
      new Option('--out <file>', `file of the picture, .png or .svg (default: ${PICTURE}; with --json none)`),
    )
  return withResourceOptions(command)
    .addHelpText(
      'after',
      examples(
        'atelier explain cnn sneaker.jpg',
        'atelier explain cnn test:123 --method occlusion --class Sneaker --out why.png',
        'atelier explain runs/nn-quick-seed1 test:0 --json',
      ),
    )
    .action(runExplain)
}

async function runExplain(name: string, imageName: string, flags: ExplainFlags): Promise<void> {
  const { threads, json } = flags
  const out = flags.out ?? (json ? undefined : PICTURE)
  if (out !== undefined && !/\.(svg|png)$/.test(out)) {
    throw new UsageError(mismatch('--out', 'a file name that ends in .png or .svg', out))
  }
  const [{ openTrained }, { chooseEngine }, { readImageArgument }, { classIndexOf }, explaining] =
    await Promise.all([
      import('../../runs/open-trained.js'),
      import('../../engine/choose.js'),
      import('../image-argument.js'),
      import('../class-argument.js'),
      import('../../explain/explainer.js'),
    ])
  const model = await openTrained(name)
  const classIndex = flags.class === undefined ? undefined : classIndexOf(flags.class, model.classes)
  const [image, chosen] = await Promise.all([
    readImageArgument(imageName, model, flags.data),
    chooseEngine({ engine: flags.engine, ...(threads === undefined ? {} : { threads }) }),
  ])
  const { engine } = chosen
  tellFallback(chosen)
  const method = flags.method ?? explaining.defaultMethod(model.graph)
  const explainer = await explaining.createExplainer(engine, model, await model.readWeights(), method)
  const explanation = await explainer.explain(image.pixels, classIndex)
  explainer.dispose()
  const answer = await answerOf(model, image, explanation)
  if (out !== undefined) await drawPicture(answer, image, explanation, out)
  process.stdout.write(json ? `${JSON.stringify(answer)}\n` : formatAnswer(answer))
  if (out !== undefined) process.stderr.write(`Picture: ${out}\n`)
}

/** What `--json` prints. */
interface Answer {
  readonly model: string
  readonly image: string
  /** The true class of a test image. */
  readonly label: string | null
  readonly predicted: string
  readonly class: string
  readonly classIndex: number
  readonly method: Method
  readonly layer: string | null
  readonly classes: readonly string[]
  readonly probabilities: readonly number[]
  readonly height: number
  readonly width: number
  /** Row by row. */
  readonly values: readonly (readonly number[])[]
}

async function answerOf(model: TrainedModel, image: NamedImage, explanation: Explanation): Promise<Answer> {
  const { argmax, softmax } = await import('../../core/logits.js')
  const { classes } = model
  const { logits, classIndex, method, layer, height, width, values } = explanation
  return {
    model: model.name,
    image: image.name,
    label: image.label === null ? null : (classes[image.label] as string),
    predicted: classes[argmax(logits)] as string,
    class: classes[classIndex] as string,
    classIndex,
    method,
    layer,
    classes,
    probabilities: Array.from(softmax(logits, model.temperature)),
    height,
    width,
    values: Array.from({ length: height }, (_, row) =>
      Array.from(values.subarray(row * width, (row + 1) * width)),
    ),
  }
}

function formatAnswer(answer: Answer): string {
  const { classes, probabilities, method, layer } = answer
  const place = layer === null ? '' : ` at ${layer}`
  const truth = answer.label === null ? '' : `, in truth ${answer.label}`
  const rows = classes
    .map((name, i) => ({ name, probability: probabilities[i] as number }))
    .sort((a, b) => b.probability - a.probability)
    .map(({ name, probability }) => [name, formatPercent(probability)])
  const columns = [{ title: 'Class' }, { title: 'Probability', align: 'right' }] as const
  return [
    `${answer.model}, ${answer.image}: ${answer.predicted}${truth}`,
    `Explained: ${answer.class}, by ${methodTitles[method]}${place}`,
    '',
    formatTable(columns, rows),
    '',
  ].join('\n')
}

async function drawPicture(
  answer: Answer,
  { name, pixels }: NamedImage,
  explanation: Explanation,
  file: string,
): Promise<void> {
  const [{ drawExplanation, drawExplanationPng }, { writeFileAtomically }] = await Promise.all([
    import('../../explain/picture.js'),
    import('../../core/files.js'),
  ])
  const { classes, probabilities } = answer
  const subject = {
    explanation,
    image: pixels,
    modelName: answer.model,
    imageName: name,
    classes,
    probabilities,
  }
  const content = file.endsWith('.svg') ? drawExplanation(subject) : await drawExplanationPng(subject)
  await writeFileAtomically(file, content)
}
