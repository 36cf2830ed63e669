/** What programs get from the API: runs, data, predictions and explanations of images, without a socket. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageReleases } from '../../src/runs/released-weights.js'
import { createApp } from '../../src/server/app.js'
import type { App } from '../../src/server/http/app.js'
import { dataSchema, imageListSchema, imageSchema } from '../../src/server/schemas/data.js'
import { modelDetailSchema } from '../../src/server/schemas/models.js'
import { explainResponse, predictResponse } from '../../src/server/schemas/predict.js'
import { runDetailSchema, runListSchema } from '../../src/server/schemas/runs.js'
import { serverOptions } from '../support/app.js'
import { reportedRun } from '../support/reported-run.js'

const host = 'localhost:8080'
const PIXELS = 28 * 28
let folder: string
let app: App

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-test-'))
  await reportedRun(folder, { side: 28 })
  const places = { pretrained: packageReleases, runs: folder }
  app = await createApp({ ...serverOptions(folder), places, data: join(folder, 'data') })
})
afterAll(async () => {
  await app.close()
  await rm(folder, { recursive: true, force: true })
})

const get = (url: string) => app.inject({ url, headers: { host } })
const post = (url: string, type: string, payload: Buffer) =>
  app.inject({ method: 'POST', url, headers: { host, 'content-type': type }, payload })

describe('a finished run', () => {
  it('is listed, and told with its history', async () => {
    const { runs } = runListSchema.parse((await get('/api/runs')).json())
    expect(runs).toMatchObject([{ id: 'run', model: 'small', recipe: 'quick', seed: 1, finished: true }])
    const run = runDetailSchema.parse((await get('/api/runs/run')).json())
    expect(run.epochsDone).toBe(run.epochs)
    expect(run.history.map(({ epoch }) => epoch)).toEqual(Array.from({ length: run.epochs }, (_, i) => i + 1))
    expect([run.settings, run.recipeValues.holdOut]).toEqual([['holdOut=20'], 20])
  })

  it('has a report that may do nothing to the server', async () => {
    const { statusCode, headers, body } = await get('/api/runs/run/report')
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(headers['content-security-policy']).toMatch(/^sandbox allow-scripts; default-src 'none'/)
    expect(body).toContain('small')
  })

  it('is a model', async () => {
    const model = modelDetailSchema.parse((await get('/api/models/run')).json())
    expect(model).toMatchObject({ kind: 'run', title: null, publishedAccuracy: null, takesPhotos: true })
    expect((await get('/v2/models/run/ready')).json()).toEqual({ name: 'run', ready: true })
  })
})

describe('the data', () => {
  it('are counted, and found by class and by index', async () => {
    const { splits } = dataSchema.parse((await get('/api/data')).json())
    expect([splits.train.count, splits.test.count]).toEqual([120, 200])
    const found = imageListSchema.parse((await get('/api/data/test/images?class=3&limit=2')).json())
    expect([found.total, found.images.map(({ label }) => label)]).toEqual([splits.test.byClass[3], [3, 3]])
    const [{ index } = { index: -1 }] = found.images
    const image = imageSchema.parse((await get(`/api/data/test/images/${index}`)).json())
    expect([image.label, image.pixels.length]).toEqual([3, PIXELS])
    expect((await get('/api/data/test/images/200')).statusCode).toBe(404)
    expect((await get('/api/data/test/images?class=x')).statusCode).toBe(400)
  })

  it('are pictures, one or many, with the same pixels', async () => {
    const pixelsOf = (png: Buffer) => sharp(png).extractChannel(0).raw().toBuffer()
    const { pixels } = imageSchema.parse((await get('/api/data/test/images/7')).json())
    const one = await pixelsOf((await get('/api/data/test/images/7.png')).rawPayload)
    expect([...one]).toEqual(pixels)
    const { rawPayload } = await get('/api/data/test/sheet.png?indices=6,7&columns=2')
    const right = await sharp(rawPayload).extract({ left: 28, top: 0, width: 28, height: 28 }).toBuffer()
    expect([...(await pixelsOf(right))]).toEqual(pixels)
  })
})

describe('images that are sent', () => {
  it('in a form are answered one by one, by each model', async () => {
    const good = (await get('/api/data/test/images/7.png')).rawPayload
    const file = (name: string, body: Buffer) =>
      Buffer.concat([
        Buffer.from(`--x\r\nContent-Disposition: form-data; name="f"; filename="${name}"\r\n\r\n`),
        body,
        Buffer.from('\r\n'),
      ])
    const form = Buffer.concat([
      file('a.png', good),
      file('b.txt', Buffer.from('no image')),
      Buffer.from('--x--\r\n'),
    ])
    const answer = await post('/api/predict?models=nn,run', 'multipart/form-data; boundary=x', form)
    const { images } = predictResponse.parse(answer.json())
    expect(images.map(({ name }) => name)).toEqual(['a.png', 'b.txt'])
    const [first, second] = images
    const models = first && 'predictions' in first ? first.predictions.map(({ model }) => model) : []
    expect(models).toEqual(['nn', 'run'])
    expect(second && 'error' in second ? second.error : '').toMatch(/b\.txt.*expected an image/)
  })

  it('are explained, for the class that is asked for', async () => {
    const image = (await get('/api/data/test/images/7.png')).rawPayload
    const ask = (query: string) => post(`/api/explain?${query}`, 'image/png', image)
    const explanation = explainResponse.parse((await ask('model=nn&method=occlusion&class=5')).json())
    expect(explanation).toMatchObject({ model: 'nn', method: 'occlusion', label: 5, class: 'Sandal' })
    expect(explanation.values.length).toBe(PIXELS)
    expect(explainResponse.parse((await ask('model=run')).json())).toMatchObject({ method: 'gradcam' })
    expect((await ask('model=nn&class=10')).statusCode).toBe(400)
    expect((await ask('model=no-such')).statusCode).toBe(404)
  })
})

it('is counted for Prometheus by the pattern of its path', async () => {
  await get('/api/runs/run')
  const { headers, body } = await get('/metrics')
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(body).toMatch(
    /^atelier_http_requests_total\{method="GET",route="\/api\/runs\/:id",status="200"\} \d+$/m,
  )
})
