/** What the server refuses, on a real socket: too much, too slow, from elsewhere, and what is not as it seems. */
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeDataset } from '../support/idx.js'
import { exchange, type RunningServer, startServer, until } from '../support/server.js'

const TOKEN = 'a-token+of&enough#characters%'

let folder: string
let server: RunningServer
/** Connections whose request never comes, or never ends; the text that each got until it was closed. */
let slow: { readonly socket: Socket; text: string; closed: boolean }[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-test-'))
  await writeDataset(join(folder, 'data'), { trainCount: 1000, testCount: 100 })
  server = await startServer('--runs', join(folder, 'runs'), '--data', join(folder, 'data'))
  // Their time runs while the other tests do.
  slow = ['', 'GET /v2 HTTP/1.1\r\nHost: local'].map((head) => {
    const socket = connect(server.port, '127.0.0.1')
    const one = { socket, text: '', closed: false }
    socket.on('data', (data: Buffer) => {
      one.text += data.toString('latin1')
    })
    socket
      .on('error', () => undefined)
      .on('close', () => {
        one.closed = true
      })
    socket.write(head)
    return one
  })
}, 200_000)
afterAll(async () => {
  for (const { socket } of slow) socket.destroy()
  await server.end('SIGTERM')
  await rm(folder, { recursive: true, force: true })
})

const HEAD = 'Host: localhost\r\nConnection: close\r\n'

/** What comes back for bytes, as a status and a text. */
async function raw(bytes: string | Buffer, { port } = server): Promise<{ status: number; text: string }> {
  const text = await exchange(port, bytes)
  return { status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]), text }
}

const get = (target: string, head = HEAD) => raw(`GET ${target} HTTP/1.1\r\n${head}\r\n`)

const post = (path: string, headers: string, body: string | Buffer = '') =>
  raw(Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${HEAD}${headers}\r\n`), Buffer.from(body)]))

const JSON_TYPE = 'Content-Type: application/json\r\n'
const lengthOf = (body: string | Buffer): string => `Content-Length: ${Buffer.byteLength(body)}\r\n`

describe('paths', () => {
  it.each([
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/%252e%252e/%252e%252e/etc/passwd',
    '/..\\..\\etc\\passwd',
    '/%5c..%5c..%5cetc%5cpasswd',
    '/..;/..;/etc/passwd',
    '//etc/passwd',
    '/%00',
    '/etc/passwd%00.html',
  ])('%s is at most a page of the studio', async (path) => {
    const { status, text } = await get(path)
    expect([200, 400, 404]).toContain(status)
    expect(text).not.toContain('root:')
    if (status === 200) expect(text).toMatch(/<title>Atelier/)
  })

  it.each([
    '/assets/../../package.json',
    '/assets/..%2f..%2fpackage.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/..%5c..%5cpackage.json',
    '/assets/%00',
    '/api/runs/../../package.json',
    '/api/runs/..%2f..%2fpackage.json',
    '/api/runs/..%252f..%252fpackage.json',
    '/api/runs/..',
    '/api/runs/%00',
    '/api/runs/.trainings',
    '/api/runs/..:..:etc/report',
    '/api/models/nn%00',
    '/api/models/..%5cnn',
    '/api/trainings/..%2fqueue.json',
    '/v2/models/nn/versions/..%2f1',
  ])('%s is not there', async (path) => {
    const { status, text } = await get(path)
    expect(status).toBe(404)
    expect(text).not.toContain('"dependencies"')
  })

  it.each(['/%zz', '/api/runs/%ff', '/a\0b', 'http://localhost/v2', 'http://evil.example/', '*', 'v2'])(
    '%j is no path',
    async (target) => expect((await get(target)).status).toBe(400),
  )
})

describe('headers', () => {
  it.each([
    ['another name', 'Host: evil.example\r\n', 421],
    ['another port of another name', 'Host: evil.example:8080\r\n', 421],
    ['a user before the name', 'Host: localhost@evil.example\r\n', 421],
    ['an empty name', 'Host:\r\n', 421],
    ['no name', '', 400],
    ['a second name', 'Host: localhost\r\nHost: evil.example\r\n', 400],
    ['the same name twice', 'Host: localhost\r\nhost: localhost\r\n', 400],
    ['too many bytes', `Host: localhost\r\nX-Long: ${'x'.repeat(20_000)}\r\n`, 431],
    ['a folded line', 'Host: localhost\r\n evil.example\r\n', 400],
    ['a name with a space', 'Host: localhost\r\nX Y: 1\r\n', 400],
  ])('with %s are refused', async (_, head, status) => {
    expect((await get('/v2', `${head}Connection: close\r\n`)).status).toBe(status)
  })

  it('from pages elsewhere change nothing', async () => {
    const body = '{"model":"nn"}'
    const ask = async (header: string) =>
      (await post('/api/trainings', `${JSON_TYPE}${lengthOf(body)}${header}\r\n`, body)).status
    expect(await ask('Origin: http://evil.example')).toBe(403)
    expect(await ask('Origin: null')).toBe(403)
    expect(await ask(`Origin: http://localhost:${server.port}`)).toBe(403)
    expect(await ask('Sec-Fetch-Site: same-site')).toBe(403)
    expect(await (await fetch(`${server.url}/api/trainings`)).json()).toEqual({ trainings: [] })
    const own = { origin: server.url, 'content-type': 'application/json' }
    const answer = await fetch(`${server.url}/v2/models/nn/infer`, {
      method: 'POST',
      headers: own,
      body: '{',
    })
    expect(answer.status).toBe(400)
  })

  it.each([
    ['both lengths', 'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n', '2\r\n{}\r\n0\r\n\r\n'],
    ['two lengths', 'Content-Length: 2\r\nContent-Length: 3\r\n', '{} '],
    ['a length in words', 'Content-Length: 2e0\r\n', '{}'],
    ['a length beyond all numbers', `Content-Length: ${'9'.repeat(30)}\r\n`, '{}'],
    ['another coding', 'Transfer-Encoding: gzip\r\n', '{}'],
    ['chunked not last', 'Transfer-Encoding: chunked, gzip\r\n', '2\r\n{}\r\n0\r\n\r\n'],
    ['a chunk of a wrong length', 'Transfer-Encoding: chunked\r\n', 'x\r\n{}\r\n0\r\n\r\n'],
  ])('with %s are refused', async (_, headers, body) => {
    expect((await post('/v2/models/nn/infer', JSON_TYPE + headers, body)).status).toBe(400)
  })

  it.each([
    ['application/json; charset=utf-16', 400],
    ['application/json; charset="x', 400],
    ['APPLICATION/JSON', 400],
    ['application/json, text/plain', 415],
    ['application/jsonp', 415],
    ['text/plain', 415],
    ['text/plain; application/json', 415],
    ['application/x-www-form-urlencoded', 415],
    ['multipart/form-data; boundary=x', 400],
    ['constructor', 415],
  ])('of the type %s start no training', async (type, status) => {
    const body = '{"model":"nn","seed":"1"}'
    expect((await post('/api/trainings', `Content-Type: ${type}\r\n${lengthOf(body)}`, body)).status).toBe(
      status,
    )
  })
})

describe('compressed bodies', () => {
  it.each(['gzip', 'deflate', 'br, identity', 'x'])('are refused: %s', async (encoding) => {
    const body = gzipSync('{"model":"nn","seed":"1"}')
    const headers = `${JSON_TYPE}Content-Encoding: ${encoding}\r\n${lengthOf(body)}`
    const { status, text } = await post('/api/trainings', headers, body)
    expect(status).toBe(415)
    expect(text).toContain('Content-Encoding: expected none')
  })
})

describe('the token', () => {
  it('is wanted for everything', async () => {
    const runs = join(folder, 'runs-of-token')
    const guarded = await startServer('--runs', runs, '--data', join(folder, 'data'), '--token', TOKEN)
    try {
      const ask = (target: string, more = '') =>
        raw(`GET ${target} HTTP/1.1\r\n${HEAD}${more}\r\n`, guarded).then(({ status }) => status)
      for (const path of [
        '/',
        '/v2',
        '/metrics',
        '/api/trainings/events',
        '/assets/x',
        '/no/such',
        '/docs',
      ]) {
        expect([path, await ask(path)]).toEqual([path, 401])
      }
      expect(await ask('/v2', `Authorization: Bearer ${TOKEN}x\r\n`)).toBe(401)
      expect(await ask('/v2', `Authorization: Basic ${TOKEN}\r\n`)).toBe(401)
      expect(await ask('/v2', `Authorization: Bearer ${TOKEN}\r\n`)).toBe(200)
      expect((await fetch(guarded.page, { redirect: 'manual' })).status).toBe(303)
      expect(await ask(`http://evil.example/?token=${encodeURIComponent(TOKEN)}`)).toBe(400)
    } finally {
      expect(await guarded.end('SIGTERM')).toBe(0)
    }
  })
})

describe('where others reach the server', () => {
  it('it asks for a token that it makes itself', async () => {
    const runs = join(folder, 'runs-of-others')
    const more = ['--runs', runs, '--data', join(folder, 'data')]
    const open = await startServer('--host', '0.0.0.0', ...more)
    try {
      const [, token = ''] = /\/\?token=([\w-]+)$/.exec(open.page) ?? []
      expect(token.length).toBe(32)
      // 0.0.0.0 itself does not open everywhere.
      expect(open.url).toBe(`http://127.0.0.1:${open.port}`)
      expect((await fetch(open.page, { redirect: 'manual' })).status).toBe(303)
      const ask = (name: string, header = '') =>
        raw(`GET /v2 HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n${header}\r\n`, open)
      const bearer = `Authorization: Bearer ${token}\r\n`
      expect((await ask('127.0.0.1')).status).toBe(401)
      expect((await ask('127.0.0.1', bearer)).status).toBe(200)
      // By an address, which cannot be made to point elsewhere, and by no unknown name.
      expect((await ask('192.0.2.1', bearer)).status).toBe(200)
      expect((await ask('evil.example', bearer)).status).toBe(421)
    } finally {
      expect(await open.end('SIGTERM')).toBe(0)
    }
  })

  it('none is taken that could be guessed', async () => {
    await expect(startServer('--host', '0.0.0.0', '--token', 'secret')).rejects.toThrow(
      '--token: expected a text of at least 16 characters',
    )
  })
})

/** A PNG of so many pixels whose data are missing. */
function pngHeader(width: number, height: number): Buffer {
  const chunk = (name: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(name), data])
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    check.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, check])
  }
  const extents = Buffer.alloc(13)
  extents.writeUInt32BE(width)
  extents.writeUInt32BE(height, 4)
  extents[8] = 8
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])
  return Buffer.concat([signature, chunk('IHDR', extents), chunk('IDAT', Buffer.alloc(0))])
}

describe('bodies', () => {
  it.each([
    ['/api/trainings', 'application/json', 2 ** 20],
    ['/v2/models/nn/infer', 'application/json', 16 * 2 ** 20],
    ['/api/predict', 'multipart/form-data; boundary=x', 64 * 2 ** 20],
    ['/api/explain?model=nn', 'image/png', 16 * 2 ** 20],
  ])('of %s beyond their limit are refused before they are read', async (path, type, most) => {
    const { status, text } = await post(path, `Content-Type: ${type}\r\nContent-Length: ${most + 1}\r\n`)
    expect(status).toBe(413)
    expect(text).toContain('Body: expected at most')
  })

  it('of no told length are read up to their limit', async () => {
    const chunk = `10000\r\n${' '.repeat(2 ** 16)}\r\n`
    const { status } = await post(
      '/api/trainings',
      `${JSON_TYPE}Transfer-Encoding: chunked\r\n`,
      chunk.repeat(17),
    )
    expect(status).toBe(413)
  })

  it('that are images of too many pixels are refused', async () => {
    const body = pngHeader(60_000, 60_000)
    const { status, text } = await post(
      '/api/predict?models=nn',
      `Content-Type: image/png; charset=binary\r\n${lengthOf(body)}`,
      body,
    )
    expect(status).toBe(422)
    expect(text).toMatch(/pixels/)
  })

  const part = '--x\r\nContent-Disposition: form-data; name="a"; filename="a.png"\r\n\r\nabc\r\n'
  it.each([
    ['without a boundary', 'multipart/form-data', part, 400],
    ['without its boundary', 'multipart/form-data; boundary=x', 'abc', 400],
    ['without an end', 'multipart/form-data; boundary=x', part, 400],
    ['without a part', 'multipart/form-data; boundary=x', '--x--\r\n', 400],
    [
      'with a field of an unknown name',
      'multipart/form-data; boundary=x',
      `${part.replace('; filename="a.png"', '')}--x--\r\n`,
      400,
    ],
    ['with too many files', 'multipart/form-data; boundary=x', `${part.repeat(101)}--x--\r\n`, 413],
  ])('that are forms %s are refused', async (_, type, body, expected) => {
    const headers = `Content-Type: ${type}\r\n${lengthOf(body)}`
    expect((await post('/api/predict?models=nn', headers, body)).status).toBe(expected)
  })
})

const input = { name: 'pixel_values', shape: [1, 1, 28, 28], datatype: 'FP32' }
const binaryInput = (size: unknown, more = {}) => ({
  ...input,
  parameters: { binary_data_size: size },
  ...more,
})

/** An inference request of JSON and bytes; the header tells the JSON's length unless it is given. */
function infer(json: unknown, tensors: Buffer, told?: string, type = 'application/octet-stream') {
  const head = JSON.stringify(json)
  const body = Buffer.concat([Buffer.from(head), tensors])
  const header = `Inference-Header-Content-Length: ${told ?? head.length}\r\n`
  const typed = type === '' ? '' : `Content-Type: ${type}\r\n`
  return post('/v2/models/nn/infer', typed + header + lengthOf(body), body)
}

describe('tensors as bytes', () => {
  const BYTES = 4 * 784
  const zeros = Buffer.alloc(BYTES)

  it.each(['-1', '1.5', '0x10', '', '99999', '99999999999', '0', '7', ' 1 2'])(
    'after a header of %j bytes are refused',
    async (told) => {
      expect((await infer({ inputs: [binaryInput(BYTES)] }, zeros, told)).status).toBe(400)
    },
  )

  it.each([
    ['too few', [binaryInput(BYTES)], zeros.subarray(4)],
    ['too many', [binaryInput(BYTES)], Buffer.alloc(BYTES + 4)],
    ['not as many as they are said to be', [binaryInput(BYTES - 4)], zeros],
    ['said to be a text', [binaryInput(String(BYTES))], zeros],
    ['said to be fewer than none', [binaryInput(-BYTES)], zeros],
    ['there beside numbers', [binaryInput(BYTES, { data: [0] })], zeros],
    ['said to be of another type', [binaryInput(BYTES, { datatype: 'BYTES' })], zeros],
    ['of a huge shape', [binaryInput(BYTES, { shape: [2 ** 53 - 1, 1, 28, 28] })], zeros],
    ['there unannounced', [{ ...input, data: Array(784).fill(0) }], zeros],
    ['of two inputs', [binaryInput(BYTES), binaryInput(BYTES)], Buffer.alloc(2 * BYTES)],
    ['no numbers', [binaryInput(BYTES)], Buffer.alloc(BYTES, 255)],
  ])('are refused when they are %s', async (_, inputs, tensors) => {
    const { status, text } = await infer({ inputs }, tensors)
    expect(status).toBe(400)
    expect(text).toMatch(/\{"error":"[^"]+/)
  })

  it('are taken when all is right', async () => {
    expect((await infer({ inputs: [binaryInput(BYTES)] }, zeros)).status).toBe(200)
  })

  it("are taken without a type, as Triton's Python client sends them, and not as another type", async () => {
    const request = { parameters: { binary_data_output: true }, inputs: [binaryInput(BYTES)] }
    const { status, text } = await infer(request, zeros, undefined, '')
    expect([status, /^inference-header-content-length: \d+\r$/m.test(text)]).toEqual([200, true])
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'image/png']) {
      expect((await infer(request, zeros, undefined, type)).status).toBe(415)
    }
  })
})

describe('queues', () => {
  it('of images that are full answer 503, and when to come again', async () => {
    const count = 1024
    const size = count * 4 * 784
    const head = JSON.stringify({ inputs: [binaryInput(size, { shape: [count, 1, 28, 28] })] })
    const body = Buffer.concat([Buffer.from(head), Buffer.alloc(size)])
    const leave = new AbortController()
    const asked = Array.from({ length: 12 }, async () => {
      const answer = await fetch(`${server.url}/v2/models/resnet50/infer`, {
        method: 'POST',
        headers: {
          'content-type': 'application/octet-stream',
          'inference-header-content-length': String(head.length),
        },
        body,
        signal: leave.signal,
      })
      return [answer.status, answer.headers.get('retry-after')]
    })
    const refused = asked.map(async (one) => {
      const answer = await one
      if (answer[0] !== 503) throw new Error('accepted')
      return answer
    })
    expect(await Promise.any(refused)).toEqual([503, '1'])
    // Those who leave take what is theirs out of the queue.
    leave.abort()
    await Promise.allSettled(asked)
    const waiting = /^atelier_images_waiting 0$/m
    await until('none waits', async () => waiting.test(await (await fetch(`${server.url}/metrics`)).text()))
    expect((await infer({ inputs: [binaryInput(4 * 784)] }, Buffer.alloc(4 * 784))).status).toBe(200)
  })

  it('of trainings that are full too', async () => {
    const start = (seed: number) =>
      fetch(`${server.url}/api/trainings`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'nn', seed, set: ['batch=1', 'epochs=1000'] }),
      })
    const { id } = (await (await start(0)).json()) as { id: string }
    expect((await fetch(`${server.url}/api/trainings/${id}/pause`, { method: 'POST' })).status).toBe(200)
    for (let seed = 1; seed <= 20; seed++) expect((await start(seed)).status).toBe(201)
    const refused = await start(21)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '60'])
  })
})

describe('clients that are slow', () => {
  it('with their headers are closed', async () => {
    await until('they are closed', () => slow.every(({ closed }) => closed))
    expect(slow.map(({ text }) => text.slice(0, 12))).toEqual(['HTTP/1.1 408', 'HTTP/1.1 408'])
    expect(server.process.exitCode).toBeNull()
    expect(server.log()).toBe('')
  })
})
