/** Whatever refuses a request, the answer is in our words. */
import { connect } from 'node:net'
import fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serverOptions } from '../../../test/support/app.js'
import { createApp } from '../app.js'
import type { App } from './app.js'
import { refuseWhenClosing } from './ends.js'
import { sendError } from './errors.js'

let app: App
beforeAll(async () => {
  app = await createApp(serverOptions('/nowhere'))
  await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => app.close())

const headers = { host: 'localhost' }
const json = { ...headers, 'content-type': 'application/json' }
const form = { ...headers, 'content-type': 'multipart/form-data; boundary=x' }

describe('a request that the framework refuses', () => {
  it.each([
    [
      'an empty body',
      400,
      { url: '/api/trainings', headers: json, payload: '' },
      'Body: expected JSON, received none',
    ],
    ['half a body', 400, { url: '/api/trainings', headers: json, payload: '{' }, 'Body: expected JSON'],
    [
      ...[
        'another type',
        415,
        { url: '/api/trainings', headers: { ...headers, 'content-type': 'text/csv' }, payload: 'a' },
      ],
      'Content-Type: expected application/json, received text/csv',
    ],
    [
      ...[
        'no image',
        415,
        { url: '/api/predict', headers: { ...headers, 'content-type': 'text/csv' }, payload: 'a' },
      ],
      'Content-Type: expected image/*, application/octet-stream, multipart/form-data, received text/csv',
    ],
    [
      'a form without an end',
      400,
      { url: '/api/predict', headers: form, payload: '--x\r\n' },
      'Form: expected parts',
    ],
    [
      ...['a form without a boundary', 400],
      { url: '/api/predict', headers: { ...form, 'content-type': 'multipart/form-data' }, payload: 'a' },
      'Form: expected parts',
    ],
    [
      'a value of another type',
      400,
      { url: '/api/trainings', headers: json, payload: '{"model":3}' },
      'Body: model: ',
    ],
  ] as const)('%s', async (_, status, request, error) => {
    const answer = await app.inject({ method: 'POST', ...request })
    expect([answer.statusCode, answer.json()]).toEqual([status, { error: expect.stringContaining(error) }])
  })

  it.each([
    ['/%zz', 400, 'Path: expected one whose %-signs encode UTF-8, received /%zz'],
    [`/api/runs/${'x'.repeat(501)}`, 414, 'Path: expected ids of at most 500 characters'],
  ])('the path %s', async (url, status, error) => {
    const answer = await app.inject({ url, headers })
    expect([answer.statusCode, answer.json()]).toEqual([status, { error: expect.stringContaining(error) }])
  })
})

describe('what is no request', () => {
  const exchange = (bytes: string) =>
    new Promise<string>((resolve) => {
      let text = ''
      const { port } = app.server.address() as { port: number }
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
      socket.on('data', (data) => {
        text += data.toString()
      })
      socket.on('error', () => undefined).on('close', () => resolve(text))
    })

  it.each([
    ['NO HTTP\r\n\r\n', 400, 'Request: expected one by the rules of HTTP, received another'],
    [
      `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'Headers: expected at most 16 KiB, received more',
    ],
  ])('%j', async (bytes, status, error) => {
    const text = await exchange(bytes)
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n')))).toEqual({ error })
  })
})

/** A promise that is settled from outside. */
function gate() {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

it('what comes on an open connection while the server ends is refused, and what came before is answered', async () => {
  const [asked, closing, answer] = [gate(), gate(), gate()]
  const ending = fastify({ return503OnClosing: false })
  ending.setErrorHandler(sendError)
  refuseWhenClosing(ending)
  ending.addHook('preClose', async () => closing.open())
  ending.get('/', async () => {
    asked.open()
    await answer.opened
    return {}
  })
  await ending.listen({ host: '127.0.0.1', port: 0 })
  const { port } = ending.server.address() as { port: number }
  const request = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'
  let text = ''
  const socket = connect(port, '127.0.0.1', () => socket.write(request))
  socket.on('data', (data) => {
    text += data.toString()
  })
  await asked.opened
  const closed = ending.close()
  await closing.opened
  const second = new Promise<void>((resolve) => ending.server.once('request', () => resolve()))
  socket.write(request)
  await second
  answer.open()
  await Promise.all([closed, new Promise((resolve) => socket.once('close', resolve))])
  expect(text.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 503'])
  expect(text).toContain('{"error":"Server: expected one that goes on, received one that is ending"}')
})
