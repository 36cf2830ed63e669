// How far the maps of `atelier explain` can be trusted: for each run that is given and each method that suits its
// model, the figures of docs/explain.md over the first test images, as rows of a Markdown table.
//
//   npx --no-install jiti scripts/check-explanations.ts 200 nn dnn cnn resnet50

import { argmax } from '#atelier/core/logits.js'
import { loadDataset } from '#atelier/data/dataset.js'
import { chooseEngine } from '#atelier/engine/choose.js'
import { enlarge } from '#atelier/explain/enlarge.js'
import { createExplainer, type Explainer } from '#atelier/explain/explainer.js'
import { measureFaithfulness } from '#atelier/explain/faithfulness.js'
import { gradCamLayer } from '#atelier/explain/grad-cam.js'
import { GradientProgram } from '#atelier/explain/gradient-program.js'
import { methods } from '#atelier/explain/methods.js'
import { openTrained } from '#atelier/runs/open-trained.js'
import type { TrainedModel } from '#atelier/runs/trained-model.js'
import { initializeWeights } from '#atelier/train/initialize.js'
import { say } from './lib/shell.mjs'

type Weights = Awaited<ReturnType<TrainedModel['readWeights']>>

/** Of the weights that have learned nothing, and of the random deciles. */
const SEED = 7

const [count, ...names] = process.argv.slice(2)
if (!(Number(count) >= 1) || names.length === 0) {
  say('Usage: npx --no-install jiti scripts/check-explanations.ts NUMBER_OF_IMAGES MODEL...')
  process.exit(2)
}
const [{ engine }, dataset] = await Promise.all([chooseEngine({ engine: 'auto' }), loadDataset()])
say(
  '| Model | Method | Similarity | Fall: top tenth | top tenth of the lit | random tenth of the lit | 78 lit at random |',
)
say('| --- | --- | ---: | ---: | ---: | ---: | ---: |')
for (const name of names) await check(await openTrained(name))

async function check(model: TrainedModel): Promise<void> {
  const trained = await model.readWeights()
  const initial = initializeWeights(model.graph, SEED)
  const classifier = await engine.classifier(model.graph, { precision: 'f32', scaling: model.scaling })
  await classifier.load(trained)
  const images = dataset.test.images.subarray(0, Number(count) * dataset.height * dataset.width)
  const subject = {
    logitsOf: (list: Uint8Array, length: number) => classifier.logits(list, length),
    images,
    count: Number(count),
    seed: SEED,
  }
  const row = async (title: string, create: (weights: Weights) => Promise<Explainer>) => {
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
async function publishedGradCam(model: TrainedModel, weights: Weights): Promise<Explainer> {
  const { graph, scaling } = model
  const layer = gradCamLayer(graph)
  const node = graph.nodes.find(({ name }) => name === layer)
  if (layer === null || !node) throw new Error(`${model.name} has no layer for Grad-CAM`)
  const [height, width, channels] = node.shape as [number, number, number]
  const program = await GradientProgram.create(engine, model, weights, { layer, batch: 1 })
  const classifier = await engine.classifier(graph, { precision: 'f32', scaling, batch: 1 })
  await classifier.load(weights)
  const whole = { height: dataset.height, width: dataset.width }
  return {
    method: 'gradcam',
    explain: async (image, wanted) => {
      const logits = await classifier.logits(image, 1)
      const classIndex = wanted ?? argmax(logits)
      const objective = logits.map((_, i) => (i === classIndex ? 1 : 0))
      const { activations, gradients } = await program.run(Float32Array.from(image), () => objective)
      const means = new Float64Array(channels)
      gradients.forEach((gradient, i) => {
        means[i % channels]! += gradient / (height * width)
      })
      const map = new Float32Array(height * width)
      activations.forEach((value, i) => {
        map[Math.floor(i / channels)]! += means[i % channels]! * value
      })
      const rectified = map.map((value) => Math.max(0, value))
      const values = enlarge(rectified, { height, width }, whole)
      return { method: 'gradcam', layer, classIndex, logits, ...whole, values }
    },
    dispose: () => {
      program.dispose()
      classifier.dispose()
    },
  }
}
