/** The studio's files compressed: by the build, and to the browsers that take them so. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import fastify from 'fastify'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { App } from '../../src/server/http/app.js'
import { sendError } from '../../src/server/http/errors.js'
import { secureHeaders } from '../../src/server/http/headers.js'
import { studioRoutes } from '../../src/server/routes/studio.js'
import { compressBelow } from '../../studio/compress.js'
import { temporaryFolder } from '../support/folder.js'

const SCRIPT = `${'export const one = 1\n'.repeat(200)}`
const PAGE = `<!doctype html>\n<head>\n</head>\n${'<p>Atelier</p>\n'.repeat(200)}`

/** A build of a page, two scripts, one of them too small to compress, and a picture. */
async function built(): Promise<string> {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), PAGE)
  await writeFile(join(folder, 'assets', 'large.js'), SCRIPT)
  await writeFile(join(folder, 'assets', 'small.js'), 'export {}\n')
  await writeFile(join(folder, 'assets', 'picture.png'), SCRIPT)
  await compressBelow(folder)
  return folder
}

async function serve(folder?: string) {
  const app = fastify() as unknown as App
  app.setErrorHandler(sendError)
  secureHeaders(app)
  await studioRoutes(app, folder ?? (await built()))
  onTestFinished(() => app.close())
  return (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers })
}

it('the build leaves compressed copies of what gets smaller by it', async () => {
  const files = await readdir(await built(), { recursive: true })
  expect(files.filter((name) => /\.(br|gz)$/.test(name)).sort()).toEqual([
    ...[join('assets', 'large.js.br'), join('assets', 'large.js.gz')],
    ...['index.html.br', 'index.html.gz'],
  ])
})

describe('the server', () => {
  const plain = (bytes: Buffer) => bytes.toString()
  it.each([
    ['br', 'br', (bytes: Buffer) => brotliDecompressSync(bytes).toString()],
    ['gzip, deflate, br, zstd', 'br', (bytes: Buffer) => brotliDecompressSync(bytes).toString()],
    ['gzip', 'gzip', (bytes: Buffer) => gunzipSync(bytes).toString()],
    ['deflate', undefined, plain],
    ['*;q=0', undefined, plain],
    ['br;q=0, gzip;q=0', undefined, plain],
    ['', undefined, plain],
  ])('answers who takes %j by %s', async (taken, encoding, decode) => {
    const get = await serve()
    const ask = (url: string) => get(url, taken === '' ? {} : { 'accept-encoding': taken })
    for (const [url, text, type] of [
      ['/assets/large.js', SCRIPT, /^(text|application)\/javascript; charset=utf-8$/],
      ['/index.html', PAGE, /^text\/html; charset=utf-8$/],
    ] as const) {
      const { statusCode, headers, rawPayload } = await ask(url)
      expect([statusCode, headers['content-encoding'], headers.vary]).toEqual([
        ...[200, encoding, 'accept-encoding'],
      ])
      expect(headers['content-type']).toMatch(type)
      expect(headers['content-security-policy']).toMatch(/^default-src 'self'/)
      expect(Number(headers['content-length'])).toBe(rawPayload.length)
      expect(decode(rawPayload)).toBe(text)
    }
    // What has no such copy comes as it is.
    const small = await ask('/assets/small.js')
    expect([small.headers['content-encoding'], small.body]).toEqual([undefined, 'export {}\n'])
  })

  it('knows each form of a file by a tag of its own, and gives parts of it', async () => {
    const get = await serve()
    const ask = (taken: string, more = {}) => get('/assets/large.js', { 'accept-encoding': taken, ...more })
    const tags = await Promise.all(
      ['br', 'gzip', 'identity'].map(async (taken) => (await ask(taken)).headers.etag as string),
    )
    expect(new Set(tags).size).toBe(3)
    const [br = '', , identity = ''] = tags
    expect((await ask('br', { 'if-none-match': br })).statusCode).toBe(304)
    expect((await ask('br', { 'if-none-match': identity })).statusCode).toBe(200)
    const part = await ask('identity', { range: 'bytes=0-5' })
    expect([part.statusCode, part.headers['content-range'], part.body]).toEqual([
      ...[206, `bytes 0-5/${SCRIPT.length}`, SCRIPT.slice(0, 6)],
    ])
    // Of the compressed form, the whole of which is put together and then unpacked.
    const whole = (await ask('br')).rawPayload
    const [first, rest] = [await ask('br', { range: 'bytes=0-9' }), await ask('br', { range: 'bytes=10-' })]
    expect([first.statusCode, first.headers['content-encoding']]).toEqual([206, 'br'])
    expect(Buffer.concat([first.rawPayload, rest.rawPayload])).toEqual(whole)
  })

  it.each([
    ['/', './'],
    ['/models', './'],
    ['/models/', '../'],
    ['/models/nn?truth=1/2', '../'],
    ['/models/nn/layers', '../../'],
  ])('says in the page at %s where the studio lies, below whatever path', async (url, base) => {
    const get = await serve()
    const { statusCode, headers, body } = await get(url)
    expect([statusCode, headers['content-type'], headers['cache-control']]).toEqual([
      ...[200, 'text/html; charset=utf-8', 'no-cache'],
    ])
    expect(headers['content-security-policy']).toContain("base-uri 'self'")
    expect(body).toBe(PAGE.replace('<head>', `<head>\n    <base href="${base}" />`))
    for (const root of ['/', '/atelier/', '/a/b/']) {
      expect(new URL(base, `http://localhost${root}${url.slice(1)}`).pathname).toBe(root)
    }
  })

  it('has what is there in its gzipped form alone, as it lies or unpacked', async () => {
    const folder = await built()
    await writeFile(join(folder, 'assets', 'whole.wasm'), SCRIPT)
    await compressBelow(folder)
    await rm(join(folder, 'assets', 'whole.wasm'))
    await rm(join(folder, 'assets', 'whole.wasm.br'))
    const get = await serve(folder)
    for (const [taken, encoding] of [
      ...[['gzip, deflate, br', 'gzip'] as const, ['*', 'gzip'] as const, ['br', undefined] as const],
      ...[['gzip;q=0, *', undefined] as const, ['gzip;q=0.5', 'gzip'] as const, ['', undefined] as const],
    ]) {
      const { headers, rawPayload } = await get('/assets/whole.wasm', { 'accept-encoding': taken })
      expect([taken, headers['content-encoding'], headers['content-type'], headers.vary]).toEqual([
        ...[taken, encoding, 'application/wasm', 'accept-encoding'],
      ])
      expect(headers['cache-control']).toMatch(/immutable/)
      expect((encoding ? gunzipSync(rawPayload) : rawPayload).toString()).toBe(SCRIPT)
    }
  })

  it('has no page of the copies themselves', async () => {
    const get = await serve()
    expect((await get('/assets/large.js.br')).statusCode).toBe(404)
    expect((await get('/assets/no-such.js', { 'accept-encoding': 'br' })).statusCode).toBe(404)
  })
})
