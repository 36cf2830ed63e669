// Atelier as a contestant: training as `atelier train` does it, inference from JavaScript arrays.
import { BatchLoader } from '../../dist/data/batches.js'
import { loadDataset } from '../../dist/data/dataset.js'
import { createNativeEngine } from '../../dist/engine/native/engine.js'
import { models } from '../../dist/models/index.js'
import { namedRecipe } from '../../dist/recipes/index.js'
import { CHUNK_SECONDS } from '../../dist/train/loop.js'
import { resolvePrecision } from '../../dist/train/prepare.js'
import { TrainingPrograms } from '../../dist/train/programs.js'
import { runSteps } from '../../dist/train/run-steps.js'
import { fillHyper } from '../../dist/train/schedule.js'
import { readImages, readWeights } from './material.mjs'
import { repeat, serve, warmUpOf } from './protocol.mjs'

/** More than a benchmark will ever see. */
const EPOCHS = 1000
const TIMER_MS = 10

/** The real loader on the real data with the recipe's augmentation, chunk after chunk as the training loop does. */
async function training({ engine, graph, model, batch, precision }) {
  const { train, height, width, channels } = await loadDataset()
  const recipe = { ...namedRecipe('quick', model), batch, precision, epochs: EPOCHS }
  const indices = Uint32Array.from({ length: train.count }, (_, index) => index)
  const { images, labels } = train
  const { augmentation, epochs } = recipe
  const seed = 1
  const size = { height, width, channels, batch }
  const loader = new BatchLoader({ images, labels, indices, ...size, seed, augmentation, epochs })
  const { imageDType, stepsPerEpoch } = loader
  const programs = await TrainingPrograms.create({ engine, graph, recipe, precision, imageDType })
  await programs.initialize(seed)
  const chunks = loader.stream({ epoch: 0, step: 0 })
  let waited = 0
  const trainChunk = async () => {
    const asked = performance.now()
    const { value: chunk } = await chunks.next()
    const began = performance.now()
    waited += (began - asked) / 1000
    const { steps } = chunk
    const first = chunk.epoch * stepsPerEpoch + chunk.firstStep
    const hyper = fillHyper(recipe, first, steps, EPOCHS * stepsPerEpoch)
    const { loss } = await runSteps(programs, chunk, hyper, { seed, first })
    chunk.release()
    if (!Number.isFinite(loss)) throw new Error('the loss is not finite')
    loader.chunkSteps = Math.round((steps * CHUNK_SECONDS * 1000) / (performance.now() - began))
    return steps * chunk.batch
  }
  const run = async (seconds) => {
    await repeat(warmUpOf(seconds), trainChunk)
    waited = 0
    const lateness = watchEventLoop()
    const done = await repeat(seconds, trainChunk)
    return { ...done, waited, lateness: lateness() }
  }
  return { run }
}

/** By how many milliseconds a timer is late, again and again until the function that comes back is called. */
function watchEventLoop() {
  const late = []
  let due = performance.now() + TIMER_MS
  let timer = setTimeout(tick, TIMER_MS)
  function tick() {
    const now = performance.now()
    late.push(Number((now - due).toFixed(2)))
    due = now + TIMER_MS
    timer = setTimeout(tick, TIMER_MS)
  }
  return () => {
    clearTimeout(timer)
    return late
  }
}

/** One image, from a Float32Array to its logits. */
const one = (given) =>
  classifying(given, { batch: 1, imageDType: 'f32' }, Float32Array.from(readImages(given.folder, 1)))

/** 1,000 images, as evaluation and prediction classify many. */
const thousand = (given) => classifying(given, {}, readImages(given.folder, 1000))

async function classifying({ engine, graph, weights, precision, pixels }, options, images) {
  const classifier = await engine.classifier(graph, { precision, pixels, ...options })
  await classifier.load(weights)
  const count = images.length / 784
  let logits
  const classify = async () => {
    logits = await classifier.logits(images, count)
    return count
  }
  return inferring(classify, () => logits)
}

async function inferring(classify, logits) {
  await classify()
  const run = async (seconds) => {
    await repeat(warmUpOf(seconds), classify)
    return repeat(seconds, classify)
  }
  return { run, logits: Array.from(logits().subarray(0, 10)) }
}

const tasks = { training, one, thousand }
const runs = {}
let engine

await serve({
  async prepare({ task, model, batch, precision, threads, pixels, folder }) {
    engine ??= await createNativeEngine({ threads })
    const graph = models[model].build()
    const resolved = resolvePrecision({ precision }, graph, engine)
    const tensors = await readWeights(folder, model)
    const weights = new Map([...tensors].map(([name, { data }]) => [name, data]))
    const given = { engine, graph, model, batch, precision: resolved, pixels, folder, weights }
    const prepared = await tasks[task](given)
    runs[task] = prepared.run
    return { precision: resolved, mode: resolved, version: engine.description, logits: prepared.logits }
  },
  run: ({ task, seconds }) => runs[task](seconds),
})
