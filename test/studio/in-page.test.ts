/** The training loop and the wasm engine in a page: the same files as on Node, and the same bits. */
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import fastify from 'fastify'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Dataset, loadDataset } from '../../src/data/dataset.js'
import type { Features } from '../../src/engine/wasm/binary.js'
import { createWasmEngine } from '../../src/engine/wasm/node.js'
import type { Graph } from '../../src/graph/graph.js'
import * as layers from '../../src/graph/layers.js'
import { models } from '../../src/models/index.js'
import { namedRecipe } from '../../src/recipes/index.js'
import type { EpochRow } from '../../src/runs/formats/history.js'
import type { RunFolder } from '../../src/runs/run-folder.js'
import { train } from '../../src/train/loop.js'
import { nodeHost } from '../../src/train/node-host.js'
import { prepareRun } from '../../src/train/prepare.js'
import { findChromium, launchChromium, NO_CHROMIUM, type TestBrowser } from '../browser/chromium.js'
import { temporaryFolder } from '../support/folder.js'
import { memoryStore } from '../support/memory-store.js'

const chromium = findChromium()

const dense = models.nn.build()
/** With dropout and Batch Normalization; both learn from augmented images. */
const convolutional = layers.sequential(
  'convolutional',
  layers.input(28, 28, 1),
  layers.conv2d(8, 3, { activation: 'relu' }),
  layers.batchNormalization(),
  layers.maxPooling2d(2),
  layers.dropout(0.25),
  layers.flatten(),
  layers.dense(10),
)

interface Trained {
  readonly description: string
  readonly history: readonly EpochRow[]
  /** The SHA-256 of each. */
  readonly weights: readonly (readonly [string, string])[]
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  Buffer.from(buffer, byteOffset, byteLength)
const base64Of = (values: ArrayBufferView): string => bytesOf(values).toString('base64')
const digestOf = (values: ArrayBufferView): string =>
  createHash('sha256').update(bytesOf(values)).digest('hex')

/** But for what tells of the machine. */
const figures = (history: Trained['history']) =>
  history.map(({ seconds: _, images_per_second: __, ...row }) => row)

describe.skipIf(chromium === null)(`a training in ${chromium ?? `a browser, ${NO_CHROMIUM}`}`, () => {
  let dataset: Dataset
  let browser: TestBrowser
  let page: Page
  let outDir: string
  const app = fastify({ forceCloseConnections: true })

  beforeAll(async () => {
    const whole = await loadDataset()
    const [images, labels] = [whole.train.images.subarray(0, 700 * 784), whole.train.labels.subarray(0, 700)]
    dataset = { ...whole, train: { images, labels, count: 700 } }
    outDir = await mkdtemp(join(tmpdir(), 'atelier-in-page-'))
    const output = { outDir, emptyOutDir: true, assetsInlineLimit: 0 }
    await build({
      ...{ configFile: false, logLevel: 'error', root: join('test', 'studio', 'in-page'), base: './' },
      build: output,
      worker: { format: 'es' },
    })
    // What makes a page cross-origin isolated.
    const isolating = {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    }
    await app.register(fastifyStatic, {
      root: outDir,
      prefix: '/below/',
      setHeaders: (response) => {
        for (const [name, value] of Object.entries(isolating)) response.setHeader(name, value)
      },
    })
    await app.listen({ host: '127.0.0.1', port: 0 })
    browser = await launchChromium(chromium as string)
    page = await browser.context.newPage()
    await page.goto(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}/below/index.html`)
    await page.waitForFunction('globalThis.trainHere !== undefined')
  })
  afterAll(async () => {
    await browser?.close()
    await app.close()
    await rm(outDir, { recursive: true, force: true })
  })

  async function prepared(graph: Graph): Promise<RunFolder> {
    const engine = await createWasmEngine({ threads: 1 })
    const recipe = { ...namedRecipe('quick', 'cnn'), epochs: 2, holdOut: 0.1 }
    return prepareRun({
      ...{ directory: join(await temporaryFolder(), 'run'), model: graph.name, source: null, graph },
      ...{ recipeName: 'quick', recipe, settings: [], seed: 1, limit: 400, dataset, engine },
    })
  }

  async function onNode(run: RunFolder, threads: number, features: Features): Promise<Trained> {
    const engine = await createWasmEngine({ threads, features })
    const { store, kept } = memoryStore(run)
    const { history } = await train({ store, host: nodeHost, dataset, engine })
    const weights = [...(kept.weights.get('model') ?? [])].map(
      ([key, values]) => [key, digestOf(values)] as const,
    )
    return { description: engine.description, history, weights }
  }

  async function inPage(run: RunFolder, threads: number, features: Features): Promise<Trained> {
    const { train: split, height, width, channels } = dataset
    const request = JSON.stringify({
      ...{ record: JSON.stringify(run.record), threads, features, count: split.count },
      ...{ images: base64Of(split.images), labels: base64Of(split.labels) },
      extents: { height, width, channels },
    })
    return page.evaluate<Trained>(`trainHere(${JSON.stringify(request)})`)
  }

  it.each([
    ['nn by one thread', dense, 1, false],
    ['nn by two threads', dense, 2, true],
    ['a convolutional net by two threads', convolutional, 2, true],
  ] as const)('of %s has the bits of one on Node', async (_, graph, threads, shared) => {
    const features = { relaxed: false, shared }
    const run = await prepared(graph)
    const [here, there] = [await onNode(run, threads, features), await inPage(run, threads, features)]
    expect(there.description).toBe(here.description)
    expect(figures(there.history)).toEqual(figures(here.history))
    expect(here.weights.length).toBeGreaterThan(3)
    expect(there.weights).toEqual(here.weights)
  })
})
