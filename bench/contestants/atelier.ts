/**
 * Atelier as a contestant: training as `atelier train` does it, inference from JavaScript arrays:
 * `jiti atelier.ts native|wasm`.
 */
import { loadDataset } from '#atelier/data/dataset.js'
import { chooseEngine } from '#atelier/engine/choose.js'
import type { ClassifierOptions, Engine } from '#atelier/engine/engine.js'
import type { Graph } from '#atelier/graph/graph.js'
import { models } from '#atelier/models/index.js'
import { namedRecipe } from '#atelier/recipes/index.js'
import { CHUNK_SECONDS } from '#atelier/train/loop.js'
import { resolvePrecision } from '#atelier/train/precision.js'
import { openTemporaryTraining } from '#atelier/train/temporary.js'
import type { Assignment, Prepared, Task, Turn } from '../lib/types.js'
import { readImages, readWeights } from './material.js'
import { repeat, serve, takeTurn, warmUpOf } from './protocol.js'

/** More than a benchmark will ever see. */
const EPOCHS = 1000
const TIMER_MS = 10

/** What every task begins with. */
interface Given {
  readonly engine: Engine
  readonly graph: Graph
  readonly precision: 'f32' | 'bf16'
  readonly assignment: Assignment
}

interface Work extends Pick<Prepared, 'logits'> {
  readonly run: (seconds: number) => Promise<Turn>
}

/** The real loader on the real data with the recipe's augmentation, chunk after chunk as the training loop does. */
async function training({ engine, graph, precision, assignment }: Given): Promise<Work> {
  const { model, batch } = assignment
  const dataset = await loadDataset()
  const indices = Uint32Array.from({ length: dataset.train.count }, (_, index) => index)
  const recipe = { ...namedRecipe('quick', model), batch, precision, epochs: EPOCHS }
  const given = { engine, graph, recipe, dataset, indices, seed: 1, chunkSteps: 1 }
  const temporary = await openTemporaryTraining(given)
  const chunks = temporary.run()
  let waited = 0
  const trainChunk = async (): Promise<number> => {
    const asked = performance.now()
    const { value: chunk } = await chunks.next()
    if (!chunk) throw new Error(`the ${EPOCHS} epochs are over`)
    if (!chunk.losses.every(Number.isFinite)) throw new Error('the loss is not finite')
    waited += (performance.now() - asked) / 1000 - chunk.seconds
    temporary.chunkSteps = Math.round((chunk.images * CHUNK_SECONDS) / (chunk.batch * chunk.seconds))
    return chunk.images
  }
  const run = async (seconds: number) => {
    await repeat(warmUpOf(seconds), trainChunk)
    waited = 0
    const lateness = watchEventLoop()
    const done = await repeat(seconds, trainChunk)
    return { ...done, waited, lateness: lateness() }
  }
  return { run }
}

/** By how many milliseconds a timer is late, again and again until the function that comes back is called. */
function watchEventLoop(): () => number[] {
  const late: number[] = []
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
const one = (given: Given) =>
  classifying(
    given,
    { batch: 1, imageDType: 'f32' },
    Float32Array.from(readImages(given.assignment.folder, 1)),
  )

/** 1,000 images, as evaluation and prediction classify many. */
const thousand = (given: Given) => classifying(given, {}, readImages(given.assignment.folder, 1000))

async function classifying(
  { engine, graph, precision, assignment }: Given,
  options: Pick<ClassifierOptions, 'batch' | 'imageDType'>,
  images: Uint8Array | Float32Array,
): Promise<Work> {
  const { folder, model, pixels } = assignment
  const classifier = await engine.classifier(graph, { precision, scaling: pixels, ...options })
  const tensors = await readWeights(folder, model)
  await classifier.load(new Map([...tensors].map(([name, { data }]) => [name, data as Float32Array])))
  const count = images.length / 784
  const first = await classifier.logits(images, count)
  const classify = async () => {
    await classifier.logits(images, count)
    return count
  }
  return {
    run: (seconds) => takeTurn(seconds, classify),
    logits: Array.from(first.subarray(0, classifier.classes)),
  }
}

const works: Partial<Record<Task, Work>> = {}
const name = process.argv[2] === 'wasm' ? 'wasm' : 'native'
let engine: Engine | undefined

await serve({
  async prepare(assignment: Assignment): Promise<Prepared> {
    const { task, model, threads, mode } = assignment
    engine ??= (await chooseEngine({ engine: name, threads })).engine
    const graph = models[model].build()
    const precision = resolvePrecision({ precision: mode?.precision ?? 'auto' }, graph, engine)
    const work = await { training, one, thousand }[task]({ engine, graph, precision, assignment })
    works[task] = work
    return { precision, mode: precision, version: engine.description, logits: work.logits ?? null }
  },
  async run({ task, seconds }: { task: Task; seconds: number }): Promise<Turn> {
    const work = works[task]
    if (!work) throw new Error(`${task} has not been prepared`)
    return work.run(seconds)
  },
})
