// How far the maps of `atelier explain` can be trusted: for each run that is given and each method that suits its
// model, the figures of docs/explain.md over the first test images, as rows of a Markdown table.
//
//   node scripts/check-explanations.mjs 200 nn dnn cnn resnet50
import './lib/node-version.mjs'
import { argmax } from '../dist/core/logits.js'
import { loadDataset } from '../dist/data/dataset.js'
import { chooseEngine } from '../dist/engine/choose.js'
import { enlarge } from '../dist/explain/enlarge.js'
import { createExplainer } from '../dist/explain/explainer.js'
import { measureFaithfulness } from '../dist/explain/faithfulness.js'
import { gradCamLayer } from '../dist/explain/grad-cam.js'
import { GradientProgram } from '../dist/explain/gradient-program.js'
import { methods } from '../dist/explain/methods.js'
import { openTrained } from '../dist/runs/open-trained.js'
import { initializeWeights } from '../dist/train/initialize.js'
import { say } from './lib/shell.mjs'

/** Of the weights that have learned nothing, and of the random deciles. */
const SEED = 7

const [count, ...names] = process.argv.slice(2)
if (!(Number(count) >= 1) || names.length === 0) {
  say('Usage: node scripts/check-explanations.mjs NUMBER_OF_IMAGES MODEL...')
  process.exit(2)
}
const [{ engine }, dataset] = await Promise.all([chooseEngine({ engine: 'auto' }), loadDataset()])
say(
  '| Model | Method | Similarity | Fall: top tenth | top tenth of the lit | random tenth of the lit | 78 lit at random |',
)
say('| --- | --- | ---: | ---: | ---: | ---: | ---: |')
for (const name of names) await check(await openTrained(name))

async function check(model) {
  const trained = await model.readWeights()
  const initial = initializeWeights(model.graph, SEED)
  const classifier = await engine.classifier(model.graph, { precision: 'f32', pixels: model.pixels })
  await classifier.load(trained)
  const images = dataset.test.images.subarray(0, Number(count) * dataset.height * dataset.width)
  const subject = {
    logitsOf: (list, length) => classifier.logits(list, length),
    images,
    count: Number(count),
    seed: SEED,
  }
  const row = async (title, create) => {
    const [explainer, untrained] = [await create(trained), await create(initial)]
    const figures = await measureFaithfulness({ explainer, untrained, ...subject })
    const cells = Object.values(figures).map((value) => value.toFixed(3))
    say(`| \`${model.name}\` | ${title} | ${cells.join(' | ')} |`)
    for (const one of [explainer, untrained]) one.dispose()
  }
  for (const method of methods) {
    if (method === 'gradcam' && gradCamLayer(model.graph) === null) continue
    await row(method, (weights) => createExplainer(engine, model, weights, method))
    if (method === 'gradcam') await row('as published', (weights) => publishedGradCam(model, weights))
  }
  classifier.dispose()
}

/** Grad-CAM as its paper has it, relu(sum over c of mean(G) A) with the gradient G of the logit, for comparison. */
async function publishedGradCam(model, weights) {
  const { graph, pixels } = model
  const layer = gradCamLayer(graph)
  const [height, width, channels] = graph.nodes.find(({ name }) => name === layer).shape
  const program = await GradientProgram.create(engine, model, weights, { layer, batch: 1 })
  const classifier = await engine.classifier(graph, { precision: 'f32', pixels, batch: 1 })
  await classifier.load(weights)
  return {
    explain: async (image, wanted) => {
      const logits = await classifier.logits(image, 1)
      const classIndex = wanted ?? argmax(logits)
      const objective = logits.map((_, i) => (i === classIndex ? 1 : 0))
      const { activations, gradients } = await program.run(Float32Array.from(image), () => objective)
      const means = new Float64Array(channels)
      for (const [i, gradient] of gradients.entries()) means[i % channels] += gradient / (height * width)
      const map = new Float32Array(height * width)
      for (const [i, value] of activations.entries())
        map[Math.floor(i / channels)] += means[i % channels] * value
      const rectified = map.map((value) => Math.max(0, value))
      const whole = { height: dataset.height, width: dataset.width }
      return { logits, classIndex, values: enlarge(rectified, { height, width }, whole) }
    },
    dispose: () => {
      program.dispose()
      classifier.dispose()
    },
  }
}
