/** The configuration of nginx that docs/api.md shows, run by nginx, at a host's root and below a path. */
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { type IncomingMessage, type RequestOptions, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../src/server/app.js'
import type { App } from '../../src/server/http/app.js'
import { limits } from '../../src/server/http/limits.js'
import { serverOptions } from '../support/app.js'
import { findNginx, NO_NGINX, type RunningNginx, runNginx } from '../support/nginx.js'

const nginx = findNginx()
const NAME = 'atelier.example.org'
const TOKEN = 'a-token+of&enough#characters%'
/** Browsers reach nginx by TLS, at a port of its own. */
const ORIGIN = `https://${NAME}:8443`

const [, documented = ''] = /^```nginx\n(.*?)^```$/ms.exec(readFileSync('docs/api.md', 'utf8')) ?? []

it('nginx gives up kept connections, after 60 s by default, before the server does', () => {
  expect(limits.keepAliveMs).toBeGreaterThan(70_000)
  expect(limits.keepAliveMs).toBeLessThan(limits.idleMs)
})

describe.skipIf(nginx === null).each([
  ['/', documented],
  ['/atelier/', documented.replace('location / {', 'location /atelier/ {')],
])(`at %s of ${nginx ?? `nginx, ${NO_NGINX}`}`, (root, site) => {
  let folder: string
  let app: App
  let proxy: RunningNginx
  /** Connections that came from nginx. */
  let connections = 0

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atelier-test-'))
    app = await createApp({
      ...serverOptions(folder),
      names: [NAME],
      token: TOKEN,
      studio: join(process.cwd(), 'dist', 'studio'),
      // Shorter than the test keeps a connection idle.
      times: { headersMs: 200, requestMs: 400, checkMs: 20 },
    })
    app.server.on('connection', () => {
      connections++
    })
    await app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = app.server.address() as AddressInfo
    expect(site).toContain(`location ${root} {`)
    proxy = await runNginx(nginx as string, site.replace('127.0.0.1:8080', `127.0.0.1:${port}`))
  })
  afterAll(async () => {
    await proxy?.close()
    await app?.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** The beginning of an answer, as a browser at the origin asks for it. */
  const open = (path: string, options: RequestOptions = {}, body?: Buffer) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { host: NAME, ...options.headers }
      request({ ...options, port: proxy.port, path, headers }, resolve)
        .on('error', reject)
        .end(body)
    })
  const ask = async (...question: Parameters<typeof open>) => {
    const answer = await open(...question)
    const parts: Buffer[] = []
    for await (const part of answer) parts.push(part as Buffer)
    const { statusCode, headers } = answer
    return { statusCode, headers, text: Buffer.concat(parts).toString() }
  }
  const authorization = `Bearer ${TOKEN}`

  it('the studio opens by its token, and finds its files', async () => {
    const opened = await ask(`${root}models/nn?token=${encodeURIComponent(TOKEN)}`)
    expect(opened.statusCode).toBe(303)
    const page = new URL(String(opened.headers.location), `${ORIGIN}${root}models/nn`)
    expect(page.pathname).toBe(`${root}models/nn`)
    const cookie = String(opened.headers['set-cookie']).split(';')[0] as string
    const { text } = await ask(page.pathname, { headers: { cookie } })
    const [, base = ''] = /<base href="([^"]*)"/.exec(text) ?? []
    const [, script = ''] = /<script [^>]*src="([^"]*)"/.exec(text) ?? []
    const { pathname } = new URL(script, new URL(base, page))
    expect(pathname).toMatch(`${root}assets/`)
    const asset = await ask(pathname, { headers: { cookie } })
    expect([asset.statusCode, asset.headers['content-type']]).toEqual([
      200,
      expect.stringContaining('javascript'),
    ])
    expect((await ask(`${root}v2`)).statusCode).toBe(401)
    if (root !== '/') expect((await ask(root.slice(0, -1))).headers.location).toBe(root)
    expect((await ask(`${root}v2/health/ready`)).statusCode).toBe(200)
  })

  it('a photo larger than nginx takes by itself is uploaded, by pages of this name alone', async () => {
    const side = 800
    const noise = Buffer.from(Array.from({ length: side * side * 3 }, (_, i) => (i * i * 31 + i * 7) % 251))
    const photo = await sharp(noise, { raw: { width: side, height: side, channels: 3 } })
      .png({ compressionLevel: 0 })
      .toBuffer()
    expect(photo.length).toBeGreaterThan(2 ** 20)
    const post = (origin: string) => {
      const headers = { authorization, origin, 'content-type': 'image/png', 'content-length': photo.length }
      return ask(`${root}api/predict?models=nn`, { method: 'POST', headers }, photo)
    }
    const { statusCode, text } = await post(ORIGIN)
    expect([statusCode, JSON.parse(text).images?.length], text).toEqual([200, 1])
    expect((await post('https://evil.example')).statusCode).toBe(403)
  })

  it('events come at once, not when there are enough for a buffer', async () => {
    const answer = await open(`${root}api/trainings/events`, { headers: { authorization } })
    let text = ''
    for await (const part of answer) {
      text += String(part)
      if (text.includes('event: trainings')) break
    }
    expect(text).toContain('data: {"trainings":[]}')
    answer.destroy()
  })

  it('a connection to the server is kept, longer than the server waits for headers', async () => {
    await ask(`${root}v2`, { headers: { authorization } })
    const before = connections
    await wait(500)
    for (let i = 0; i < 3; i++) {
      expect((await ask(`${root}v2`, { headers: { authorization } })).statusCode).toBe(200)
    }
    expect(connections).toBe(before)
  })
})
