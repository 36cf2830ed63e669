/** What is kept, by the server, in files or in a browser, is never shown for other data or weights than its own. */
import { mkdir, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { bareApp } from '../../../test/support/app.js'
import { temporaryFolder } from '../../../test/support/folder.js'
import { writeDataset } from '../../../test/support/idx.js'
import { finishedRun } from '../../../test/support/run.js'
import { auditDataset } from '../../audit/audit.js'
import { auditAsData } from '../../audit/text.js'
import { checksumOf } from '../../core/files.js'
import { loadDataset } from '../../data/dataset.js'
import { createReferenceEngine } from '../../engine/reference/engine.js'
import { evaluatePredictions } from '../../evaluate/evaluate.js'
import { predictionsOf } from '../../evaluate/predictions.js'
import { writeLogits } from '../../runs/logits-file.js'
import { pathIn, predictionsIn, runFiles } from '../../runs/run-folder.js'
import { trainedRun } from '../../runs/trained-model.js'
import { writeWeights } from '../../runs/weights.js'
import { initializeWeights } from '../../train/initialize.js'
import { DataSource } from '../data-source.js'
import type { Engines } from '../engines.js'
import { Catalog } from '../models/catalog.js'
import { Scores } from '../models/scores.js'
import { OneByOne } from '../one-by-one.js'
import { Queue } from '../queue.js'
import type { Services } from '../services.js'
import { dataRoutes } from './data.js'
import { modelRoutes } from './models.js'

/** A server of these runs and this data set, as it is after each start. */
function serve(runs: string, folder: string) {
  const app = bareApp()
  const data = new DataSource(folder)
  const computations = new OneByOne(new Queue(9, 'computations'))
  const engines = { scoring: async () => createReferenceEngine() } as unknown as Engines
  const catalog = new Catalog({ runs, pretrained: join(runs, 'none') })
  const scores = new Scores(data, engines, computations)
  const services = { catalog, computations, data, engines, scores } as unknown as Services
  for (const add of [dataRoutes, modelRoutes]) add(app, services)
  onTestFinished(() => app.close())
  return async (url: string, known?: string) => {
    const { statusCode, headers, rawPayload } = await app.inject({
      url,
      headers: known === undefined ? {} : { 'if-none-match': known },
    })
    return {
      status: statusCode,
      tag: String(headers.etag),
      cache: headers['cache-control'],
      body: rawPayload,
    }
  }
}

const SIZES = { trainCount: 40, testCount: 20, height: 4, width: 4, classes: 3 }

/** Two data sets of one size. */
async function twoDatasets() {
  const folder = await temporaryFolder()
  const folders = [join(folder, 'one'), join(folder, 'other')] as const
  for (const [i, path] of folders.entries()) await writeDataset(path, { ...SIZES, seed: i + 1 })
  return { folder, folders }
}

describe('images in a browser', () => {
  const urls = ['test/images/3', 'test/images/3.png', 'test/sheet.png?indices=1,2'].map(
    (at) => `/api/data/${at}`,
  )

  it.each(urls)('%s is asked for again, and sent again after a start with other data', async (url) => {
    const { folders } = await twoDatasets()
    const [first, second] = folders.map((data) => serve('no-runs', data))
    const sent = await first?.(url)
    expect(sent).toMatchObject({ status: 200, cache: 'private, no-cache' })
    for (const known of [sent?.tag, `"x", W/${sent?.tag}`]) {
      expect(await first?.(url, known)).toMatchObject({ status: 304, tag: sent?.tag })
    }
    const other = await second?.(url, sent?.tag)
    expect(other?.status).toBe(200)
    expect(other?.body).not.toEqual(sent?.body)
  })

  it('with another name of its class is sent again', async () => {
    const { folders } = await twoDatasets()
    const sent = await serve('no-runs', folders[0])('/api/data/test/images/3')
    await writeFile(join(folders[0], 'classes.json'), '["a", "b", "c"]')
    expect(await serve('no-runs', folders[0])('/api/data/test/images/3', sent.tag)).toMatchObject({
      status: 200,
    })
  })
})

describe('an audit', () => {
  it('is shown for the data that it is of, and no others', async () => {
    const { folder, folders } = await twoDatasets()
    const dataset = await loadDataset({ data: folders[0] })
    const engine = createReferenceEngine()
    const audit = auditAsData(await auditDataset(dataset, engine, 1), dataset)
    const ask = async (content: unknown, data: string) => {
      await mkdir(join(folder, 'audit'), { recursive: true })
      await writeFile(join(folder, 'audit', 'audit.json'), JSON.stringify(content))
      const { status, body } = await serve(folder, data)('/api/data/train/suspicious')
      return [status, JSON.parse(body.toString())]
    }
    const { images, estimatedErrors } = audit.labels.train
    const shown = [200, expect.objectContaining({ images, estimatedErrors })]
    expect(await ask(audit, folders[0])).toEqual(shown)
    expect(await ask(audit, folders[1])).toEqual([200, null])
    // Older ones do not say whose they are.
    const { directory, official } = audit.data
    const suspect = { index: 2, suggested: 0, selfConfidence: 0, suggestedConfidence: 1, margin: 0 }
    const old = (label: number) => ({
      ...{ ...audit, data: { directory, official } },
      labels: { ...audit.labels, train: { ...audit.labels.train, suspects: [{ ...suspect, label }] } },
    })
    const label = dataset.train.labels[2] as number
    expect(await ask(old(label), folders[0])).toEqual(shown)
    expect(await ask(old(label + 1), folders[0])).toEqual([200, null])
    expect(await ask({ labels: 3 }, folders[0])).toEqual([
      503,
      {
        error: expect.stringMatching(
          /audit\.json: expected an audit by this version of Atelier, received data: /,
        ),
      },
    ])
  })
})

describe('a model', () => {
  it('in a browser is sent again when its weights are others, of the same size and age', async () => {
    const folder = await temporaryFolder()
    const { run } = await finishedRun(folder, { holdOut: 0 })
    const url = '/api/models/run/model.onnx'
    const sent = await serve(folder, join(folder, 'data'))(url)
    expect(await serve(folder, join(folder, 'data'))(url, sent.tag)).toMatchObject({ status: 304 })
    const { atime, mtime, size } = await stat(run.weightsFile)
    await writeWeights(run, 'model', initializeWeights(run.graph, 2))
    await utimes(run.weightsFile, atime, mtime)
    expect(await stat(run.weightsFile)).toMatchObject({ mtime, size })
    const again = await serve(folder, join(folder, 'data'))(url, sent.tag)
    expect(again.status).toBe(200)
    expect(again.body).not.toEqual(sent.body)
  })

  it('that is listed changes with its weights, whatever their time', async () => {
    const folder = await temporaryFolder()
    const { run } = await finishedRun(folder, { holdOut: 0 })
    const catalog = new Catalog({ runs: folder, pretrained: join(folder, 'none') })
    const [before] = await catalog.listModels()
    const { atime, mtime } = await stat(run.weightsFile)
    const weights = initializeWeights(run.graph, 2)
    await writeWeights(run, 'model', weights)
    await utimes(run.weightsFile, atime, mtime)
    const [after] = await catalog.listModels()
    expect(after?.version).not.toBe(before?.version)
    expect(await after?.model.readWeights()).toEqual(weights)
  })

  it('is scored anew where the server shows other test images than those of its metrics', async () => {
    const folder = await temporaryFolder()
    const { run, dataset } = await finishedRun(folder, { holdOut: 0 })
    const engine = createReferenceEngine()
    const scoreOf = async (data: typeof dataset) =>
      evaluatePredictions(await predictionsOf(run, 'test', { dataset: data, engine }), data.classes, null)
    const test = { ...(await scoreOf(dataset)), accuracy: 0.123 }
    await writeFile(pathIn(run, 'metrics'), JSON.stringify({ test }))
    const accuracyWith = async (data: string) => {
      const { body } = await serve(folder, data)('/api/models/run/evaluation')
      return JSON.parse(body.toString()).accuracy
    }
    expect(await accuracyWith(join(folder, 'data'))).toBe(0.123)
    const { folders } = await twoDatasets()
    const other = await scoreOf(await loadDataset({ data: folders[1] }))
    expect(await accuracyWith(folders[1])).toBe(other.accuracy)
    await writeDataset(join(folder, 'larger'), { ...SIZES, height: 5, width: 5 })
    expect(await accuracyWith(join(folder, 'larger'))).toBe(0.123)
  })

  it('has the held-out logits of its own weights, and none of others', async () => {
    const folder = await temporaryFolder()
    const { run } = await finishedRun(folder, { holdOut: 12 })
    const keep = (model: string) => {
      const stored = { logits: new Float32Array(36), labels: new Uint8Array(12), count: 12 }
      return writeLogits(predictionsIn(run, 'validation'), stored, 'f32', { model })
    }
    const held = async () => (await (await trainedRun(run)).heldOutLogits())?.count
    await keep(await checksumOf(join(run.directory, runFiles.model)))
    expect(await held()).toBe(12)
    await keep('of other weights')
    expect(await held()).toBeUndefined()
  })
})
