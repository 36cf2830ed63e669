/** The server in whole, without a socket: the pretrained models, an empty folder of runs. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isInOwnWords } from '../../soak/fuzz/reader.js'
import { operationsOf, problemOf, requestsFor } from '../../soak/requests/operations.js'
import { keyOf, Random } from '../../src/core/random.js'
import { FamiliarityScale } from '../../src/evaluate/familiarity.js'
import { createApp } from '../../src/server/app.js'
import type { App } from '../../src/server/http/app.js'
import { inferResponseSchema } from '../../src/server/schemas/inference.js'
import { modelDetailSchema, modelListSchema } from '../../src/server/schemas/models.js'
import { predictResponse } from '../../src/server/schemas/predict.js'
import { recipesSchema } from '../../src/server/schemas/trainings.js'
import { serverOptions } from '../support/app.js'

const TOKEN = 'a-token-of-enough-characters'
const host = 'localhost:8080'
let folder: string
let app: App
let guarded: App

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-test-'))
  app = await createApp(serverOptions(folder))
  guarded = await createApp({ ...serverOptions(folder), token: TOKEN })
})
afterAll(async () => {
  await Promise.all([app.close(), guarded.close()])
  await rm(folder, { recursive: true, force: true })
})

const get = (url: string, headers = {}) => app.inject({ url, headers: { host, ...headers } })

describe('models and recipes', () => {
  it('answer as their schemas say', async () => {
    const { models } = modelListSchema.parse((await get('/api/models')).json())
    expect(models.map(({ id }) => id)).toEqual(expect.arrayContaining(['nn', 'dnn']))
    const nn = modelDetailSchema.parse((await get('/api/models/nn')).json())
    expect(nn.parameters).toBe(101_770)
    expect(nn.history.length).toBe(nn.recipeValues.epochs)
    const { fields } = recipesSchema.parse((await get('/api/recipes')).json())
    expect(fields.map(({ key }) => key)).toContain('schedule.learningRate')
  })

  it.each([
    '/api/models/no-such',
    '/api/models/..%2f..%2fpackage.json',
    '/api/models/%2e%2e',
    '/api/runs/..%2f..%2fetc',
    '/api/runs/..%2f..%2fetc/report',
    '/api/trainings/..%2fqueue.json',
    '/assets/..%2f..%2fpackage.json',
    '/v2/models/..%2fnn',
    '/v2/models/nn/versions/2',
  ])('%s is not there', async (url) => {
    const answer = await get(url)
    expect(answer.statusCode).toBe(404)
    expect(answer.json()).toEqual({ error: expect.stringMatching(/expected one that is there/) })
  })
})

describe('who may ask', () => {
  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '[::1'])(
    'not by the name %s',
    async (name) => {
      expect((await get('/v2', { host: name })).statusCode).toBe(421)
    },
  )

  it.each([
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:9999' },
    { 'sec-fetch-site': 'cross-site' },
  ])('no page elsewhere may start a training: %j', async (headers) => {
    const request = { method: 'POST', url: '/api/trainings', payload: { model: 'nn' } } as const
    expect((await app.inject({ ...request, headers: { host, ...headers } })).statusCode).toBe(403)
    expect((await get('/api/trainings')).json()).toEqual({ trainings: [] })
  })

  it('nobody without the token, where there is one', async () => {
    const ask = (url: string, headers = {}) => guarded.inject({ url, headers: { host, ...headers } })
    for (const url of ['/', '/v2/models/nn/ready', '/metrics', '/openapi.json', '/?token=wrong']) {
      expect((await ask(url)).statusCode).toBe(401)
    }
    expect((await ask('/v2', { authorization: `Bearer ${TOKEN}` })).statusCode).toBe(200)
    const opened = await ask(`//evil.example/page?token=${TOKEN}&a=1`)
    expect([opened.statusCode, opened.headers.location]).toEqual([303, './page?a=1'])
    const cookie = String(opened.headers['set-cookie']).split(';')[0]
    expect((await ask('/v2', { cookie })).statusCode).toBe(200)
  })

  it('probes without the token and by any name, and /metrics where its switch is on', async () => {
    const ask = async (server: App, method: 'GET' | 'HEAD' | 'POST', url: string) =>
      (await server.inject({ method, url, headers: { host: 'evil.example' } })).statusCode
    for (const url of ['/v2/health/live', '/v2/health/ready?x=1']) {
      for (const method of ['GET', 'HEAD'] as const) expect(await ask(guarded, method, url)).toBe(200)
      expect(await ask(guarded, 'POST', url)).toBe(421)
    }
    expect(await ask(guarded, 'GET', '/metrics')).toBe(421)
    const open = await createApp({ ...serverOptions(folder), token: TOKEN, publicMetrics: true })
    expect(await ask(open, 'GET', '/metrics')).toBe(200)
    expect(await ask(open, 'GET', '/v2')).toBe(421)
    await open.close()
  })
})

describe('inference', () => {
  const infer = (payload: string | Buffer, headers = {}) =>
    app.inject({
      method: 'POST',
      url: '/v2/models/nn/infer',
      headers: { host, 'content-type': 'application/json', ...headers },
      payload,
    })
  const input = { name: 'pixel_values', shape: [1, 1, 28, 28], datatype: 'FP32' }
  const pixels = Float32Array.from({ length: 784 }, (_, i) => (i % 7) / 7)

  it('gives the same for numbers and for bytes', async () => {
    const plain = await infer(JSON.stringify({ id: 'x', inputs: [{ ...input, data: Array.from(pixels) }] }))
    const { id, outputs } = inferResponseSchema.parse(plain.json())
    expect(id).toBe('x')
    const [logits, probabilities] = outputs.map(({ data }) => data as number[])
    expect(probabilities?.reduce((a, b) => a + b)).toBeCloseTo(1, 5)
    const head = JSON.stringify({
      parameters: { binary_data_output: true },
      inputs: [{ ...input, parameters: { binary_data_size: pixels.byteLength } }],
      outputs: [{ name: 'logits' }],
    })
    const body = Buffer.concat([Buffer.from(head), Buffer.from(pixels.buffer)])
    const binary = await infer(body, {
      'content-type': 'application/octet-stream',
      'inference-header-content-length': String(head.length),
    })
    const length = Number(binary.headers['inference-header-content-length'])
    const bytes = binary.rawPayload.subarray(length)
    expect(Array.from({ length: 10 }, (_, i) => bytes.readFloatLE(4 * i))).toEqual(logits)
  })

  it.each([
    ['no JSON', '{', {}],
    ['no inputs', '{"inputs":[]}', {}],
    ['too few numbers', JSON.stringify({ inputs: [{ ...input, data: [1] }] }), {}],
    ['another shape', JSON.stringify({ inputs: [{ ...input, shape: [1, 784], data: [1] }] }), {}],
    ['a header beyond the body', '{}', { 'inference-header-content-length': '99' }],
    ['a header that is no number', '{}', { 'inference-header-content-length': '-1' }],
  ])('refuses %s', async (_, payload, headers) => {
    const answer = await infer(payload, headers)
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toEqual({ error: expect.any(String) })
  })
})

describe('familiarity', () => {
  const judge = async (pixels: Buffer) => {
    const payload = await sharp(pixels, { raw: { width: 28, height: 28, channels: 1 } })
      .png()
      .toBuffer()
    const headers = { host, 'content-type': 'image/png' }
    const answer = await app.inject({ method: 'POST', url: '/api/predict?models=nn', headers, payload })
    const { images } = predictResponse.parse(answer.json())
    return images.map((image) => ('error' in image ? image.error : image.predictions[0]?.familiarity))
  }

  it('is denied to noise and to blank images, with the threshold that the models tell of', async () => {
    const { models } = modelListSchema.parse((await get('/api/models')).json())
    const threshold = models.find(({ id }) => id === 'nn')?.familiarityThreshold
    expect(threshold).toEqual(expect.any(Number))
    const random = new Random(keyOf(1, 'noise'))
    const noise = Buffer.from(Array.from({ length: 784 }, () => Math.floor(random.between(0, 256))))
    expect(await judge(noise)).toEqual([{ familiar: false, score: expect.any(Number), threshold }])
    expect(await judge(Buffer.alloc(784))).toEqual([
      { familiar: false, score: expect.any(Number), threshold },
    ])
  })

  it('is granted to nearly all held-out logits', async () => {
    const { rawPayload } = await get('/api/models/nn/held-out.bin')
    const bytes = new Uint8Array(rawPayload)
    const scale = new FamiliarityScale(new Float32Array(bytes.buffer), 10)
    const { models } = modelListSchema.parse((await get('/api/models')).json())
    const stored = models.find(({ id }) => id === 'nn')?.familiarityThreshold
    expect(scale.threshold()).toBeCloseTo(stored as number, 4)
  })
})

describe('bodies', () => {
  const post = (url: string, type: string, payload: string) =>
    app.inject({ method: 'POST', url, headers: { host, 'content-type': type }, payload })

  it('are taken only as what they are', async () => {
    expect((await post('/api/trainings', 'text/plain', '{"model":"nn"}')).statusCode).toBe(415)
    expect((await post('/api/trainings', 'application/json', '{"model":"./x.ts"}')).statusCode).toBe(400)
    expect(
      (await post('/api/trainings', 'application/json', '{"model":"nn","set":["a=1"]}')).statusCode,
    ).toBe(400)
    const recipe = '{"model":"nn","recipe":"./package.json"}'
    expect((await post('/api/trainings', 'application/json', recipe)).statusCode).toBe(400)
    expect((await post('/api/predict', 'image/png', 'no image')).statusCode).toBe(422)
    expect((await post('/api/predict', 'image/png', '')).statusCode).toBe(400)
    expect((await post('/api/trainings', 'application/json', ' '.repeat(2 ** 20 + 1))).statusCode).toBe(413)
  })
})

it('a teacher by its path is refused, the same whether it is there or not', async () => {
  const ask = async (model: string) => {
    const payload = { model: 'nn', set: [`teacher=${JSON.stringify({ model, share: 0.9 })}`] }
    const request = { method: 'POST', url: '/api/trainings', headers: { host }, payload } as const
    const { statusCode, body } = await app.inject(request)
    return [statusCode, body.replace(model, 'PATH')]
  }
  const [there, missing] = [await ask(folder), await ask(join(folder, 'missing'))]
  expect(there).toEqual([400, expect.stringMatching(/^\{"error":"teacher\.model: .*received PATH\. See/)])
  expect(missing).toEqual(there)
  expect((await get('/api/trainings')).json()).toEqual({ trainings: [] })
})

it('says in its own words what is wrong with requests', async () => {
  const operations = operationsOf((await get('/openapi.json')).json())
  const withBodies = operations.filter(({ method, path }) => method === 'POST' && path !== '/api/trainings')
  const problems: string[] = []
  for (const [i, operation] of withBodies.entries()) {
    for (const request of requestsFor(operation, 4, i)) {
      const { headers, body } = request
      const type = body === null || body === undefined ? {} : { 'content-type': body.type, ...body.headers }
      const {
        statusCode,
        body: text,
        headers: told,
      } = await app.inject({
        method: operation.method as 'GET',
        // A socket takes what is no URL, `inject` does not.
        url: request.path.replace(/^\/\/+/, '/'),
        headers: { host, ...headers, ...type },
        ...(body ? { payload: body.bytes } : {}),
      })
      const problem = problemOf(statusCode, text, told['retry-after'] !== undefined, isInOwnWords)
      if (problem !== null)
        problems.push(`${operation.method} ${request.path}: ${problem} ${text.slice(0, 500)}`)
    }
  }
  expect(problems).toEqual([])
})

describe('the OpenAPI document', () => {
  it('names the endpoints, and the page reads it', async () => {
    const { paths } = (await get('/openapi.json')).json()
    const names = ['/api/predict', '/v2/models/{model}/infer', '/openapi.json', '/docs', '/metrics']
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(names))
    const page = (await get('/docs')).body
    for (const text of ['POST /api/predict', 'GET /metrics', 'Inference-Header-Content-Length']) {
      expect(page).toContain(text)
    }
  })

  it('tells the header of binary tensors where they are taken', async () => {
    const { paths } = (await get('/openapi.json')).json()
    for (const version of ['', '/versions/{version}']) {
      expect(paths[`/v2/models/{model}${version}/infer`].post.parameters).toContainEqual({
        ...{ name: 'Inference-Header-Content-Length', in: 'header', required: false },
        schema: { type: 'integer', minimum: 0, maximum: 999_999_999 },
      })
    }
  })
})
