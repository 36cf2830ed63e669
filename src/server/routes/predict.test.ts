import multipart from '@fastify/multipart'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { bareApp } from '../../../test/support/app.js'
import { dense, flatten, input, sequential } from '../../graph/layers.js'
import { limits } from '../http/limits.js'
import { Queue } from '../queue.js'
import type { Photo, PredictResponse } from '../schemas/predict.js'
import type { Services } from '../services.js'
import { explainRoutes } from './explain.js'
import { predictRoutes } from './predict.js'

afterEach(() => {
  vi.useRealTimers()
})

const PIXELS = 28 * 28
const photo: Photo = {
  ...{ pixels: Array(PIXELS).fill(7), negated: false, untouched: true, blank: false, plain: true },
}

/** The endpoints with a model that knows nothing, and photos that take what the test says. */
async function serve(prepare: (name: string) => Promise<Photo>) {
  const graph = sequential('linear', input(28, 28, 1), flatten(), dense(3))
  const model = { graph, classes: ['a', 'b', 'c'], temperature: null, kind: 'pretrained', directory: '' }
  const held = { record: { startedAt: '' }, heldOutLogits: async () => null, unfamiliarFrom: null }
  const served = {
    id: 'linear',
    model: { ...model, ...held },
    logits: async (_: Float32Array, count: number) => new Float32Array(3 * count),
  }
  const app = bareApp()
  await app.register(multipart, { limits: limits.multipart })
  const services = {
    catalog: { findModel: async () => served },
    photos: { prepare: (_: Uint8Array, name: string) => prepare(name) },
    pool: { use: (_: string, work: (model: typeof served) => Promise<unknown>) => work(served) },
  } as unknown as Services
  for (const add of [predictRoutes, explainRoutes]) add(app, services)
  onTestFinished(() => app.close())
  return app
}

/** The most images that a form may have. */
const form = Array.from(
  { length: limits.multipart.files },
  (_, i) => `--x\r\nContent-Disposition: form-data; name="f"; filename="${i}"\r\n\r\nimage\r\n`,
)
const post = {
  method: 'POST',
  headers: { 'content-type': 'multipart/form-data; boundary=x' },
  body: `${form.join('')}--x--\r\n`,
} as const

test('a form of as many images as may be finds room for them, in their order', async () => {
  const queue = new Queue(4, 'photos that wait')
  const app = await serve(async () => {
    queue.enter(1)
    await new Promise((resolve) => setImmediate(resolve))
    queue.leave(1)
    return photo
  })
  const answer = await app.inject({ ...post, url: '/api/predict?models=linear' })
  expect(answer.statusCode).toBe(200)
  const { images } = answer.json() as PredictResponse
  expect(images.map(({ name }) => name)).toEqual(form.map((_, i) => String(i)))
  expect(images.filter((image) => 'photo' in image && image.predictions.length === 1).length).toBe(100)
})

test('the images of a client that went are left', async () => {
  const leave = new AbortController()
  let prepared = 0
  let onGone = (): void => undefined
  const gone = new Promise<void>((resolve) => {
    onGone = resolve
  })
  const app = await serve(async () => {
    if (++prepared === 5) leave.abort()
    if (prepared >= 5) await gone
    return photo
  })
  app.addHook('onRequest', async (_, reply) => void reply.raw.once('close', onGone))
  const failed = new Promise((resolve) => {
    app.addHook('onError', async (_, __, error) => resolve(error))
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const asked = fetch(`${url}/api/predict?models=linear`, { ...post, signal: leave.signal })
  await expect(asked).rejects.toThrow()
  expect(await failed).toMatchObject({ statusCode: 499 })
  expect(prepared).toBeLessThan(10)
})

/** A form as curl -F sends it: fields by name and value, and one file among them. */
const formOf = (...fields: readonly (readonly [string, string])[]) => {
  const parts = fields.map(
    ([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  const file = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\nimage\r\n'
  return { ...post, body: `${parts.join('')}${file}--x--\r\n` }
}

test("a form's fields are those of the query, before the file or behind it", async () => {
  const app = await serve(async () => photo)
  const fields = formOf(['models', 'linear'], ['invert', 'no'])
  const [plain, asFields] = [
    await app.inject({ ...formOf(), url: '/api/predict?models=linear&invert=no' }),
    await app.inject({ ...fields, url: '/api/predict' }),
  ]
  expect([plain.statusCode, asFields.json()]).toEqual([200, plain.json()])
  const [before, behind] = fields.body.split(/(?=--x\r\n[^\n]*name="file")/)
  const file = (behind as string).replace('--x--\r\n', '')
  const turned = { ...fields, body: `${file}${before}--x--\r\n` }
  expect((await app.inject({ ...turned, url: '/api/explain?model=linear' })).json()).toEqual({
    error: expect.stringMatching(/^Form: expected files, and the fields model, .*the field "models"/),
  })
  expect((await app.inject({ ...turned, url: '/api/predict' })).json()).toEqual(plain.json())
})

test.each<[string, readonly (readonly [string, string])[], number, string]>([
  [
    'it does not have',
    [['model', 'nn']],
    400,
    'Form: expected files, and the fields models, invert, received',
  ],
  [
    'twice',
    [
      ['models', 'a'],
      ['models', 'b'],
    ],
    400,
    'Query: models: expected a string, received ["a","b"]',
  ],
  [
    'of a wrong value',
    [['invert', 'maybe']],
    400,
    'Query: invert: expected "auto", "yes" or "no", received "maybe"',
  ],
  ['of many letters', [['models', 'a'.repeat(5000)]], 413, 'Field models: expected at most 4096 bytes'],
  [
    'again and again',
    Array(21).fill(['models', 'a']),
    413,
    'Form: expected at most 20 fields, received more',
  ],
  ['of an odd name', [['toString', 'a']], 400, 'Form: expected parts between boundaries'],
])('a field %s is refused in our own words', async (_, fields, status, error) => {
  const app = await serve(async () => photo)
  const answer = await app.inject({ ...formOf(...fields), url: '/api/predict' })
  expect([answer.statusCode, answer.json().error.slice(0, error.length)]).toEqual([status, error])
})

test('a field without a name is called that', async () => {
  const app = await serve(async () => photo)
  const payload = '--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n'
  const headers = { 'content-type': 'multipart/form-data; boundary=b' }
  const answer = await app.inject({ method: 'POST', url: '/api/predict', headers, payload })
  expect(answer.json().error).toMatch(/^Form: expected files, .* received a field without a name\. Images/)
})

test.each(['/api/predict?models=linear', '/api/explain?model=linear'])(
  'the time for an answer counts while a photo is prepared: %s',
  async (url) => {
    let onPrepare = (): void => undefined
    const prepares = new Promise<void>((resolve) => {
      onPrepare = resolve
    })
    const app = await serve(() => {
      onPrepare()
      return new Promise(() => undefined)
    })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const headers = { 'content-type': 'image/png' }
    const asked = app.inject({ method: 'POST', url, headers, payload: Buffer.from('image') })
    await prepares
    vi.advanceTimersByTime(limits.answerMs)
    const { statusCode, headers: told } = await asked
    expect([statusCode, told['retry-after']]).toEqual([503, '5'])
  },
)
