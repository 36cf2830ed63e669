import multipart from '@fastify/multipart'
import fastify from 'fastify'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { App } from './app.js'
import { sendError } from './errors.js'
import { boundBodies, limits } from './limits.js'
import { acceptImages, imagesIn } from './uploaded-images.js'

const MB = 2 ** 20

/** Endpoints that tell the sizes of the images they get: one takes forms as large as may be, one as an image. */
async function serve(): Promise<App> {
  const app = fastify() as unknown as App
  app.setErrorHandler(sendError)
  boundBodies(app)
  await app.register(multipart, { limits: limits.multipart })
  acceptImages(app)
  for (const [url, bodyLimit] of [
    ['/forms', limits.form],
    ['/images', limits.image],
  ] as const) {
    app.post(url, { bodyLimit }, async (request) =>
      (await imagesIn(request)).map(({ bytes }) => bytes.length),
    )
  }
  onTestFinished(() => app.close())
  return app
}

const image = (url: string, size: number) => ({
  ...({ method: 'POST', url, headers: { 'content-type': 'image/png' } } as const),
  payload: Buffer.alloc(size, 1),
})

/** A form of files of these sizes. */
function form(...sizes: readonly number[]): Buffer {
  const parts = sizes.flatMap((size, i) => [
    Buffer.from(`--x\r\nContent-Disposition: form-data; name="f"; filename="${i}.png"\r\n\r\n`),
    Buffer.alloc(size, 1),
    Buffer.from('\r\n'),
  ])
  return Buffer.concat([...parts, Buffer.from('--x--\r\n')])
}

describe('an image as a body', () => {
  it.each(['image/png', 'application/octet-stream'])(
    'may have 16 MiB as %s, whatever forms may',
    async (type) => {
      const app = await serve()
      const ask = async (size: number) => {
        const answer = await app.inject({ ...image('/forms', size), headers: { 'content-type': type } })
        return [answer.statusCode, answer.json()]
      }
      expect(await ask(limits.image)).toEqual([200, [limits.image]])
      const error = `Image: expected at most ${limits.image} bytes, received ${limits.image + 1}`
      expect(await ask(limits.image + 1)).toEqual([413, { error }])
    },
  )
})

describe('a form of no told length', () => {
  /** Sends one in pieces, so that its length is not told. */
  async function sender() {
    const app = await serve()
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    return async (path: string, body: Buffer) => {
      const pieces = async function* () {
        for (let at = 0; at < body.length; at += MB) yield body.subarray(at, at + MB)
      }
      const headers = { 'content-type': 'multipart/form-data; boundary=x' }
      const answer = await fetch(url + path, { method: 'POST', headers, body: pieces(), duplex: 'half' })
      return [answer.status, await answer.json()]
    }
  }

  it('may be as large as its endpoint allows, to the byte', async () => {
    const send = await sender()
    const error = `Form: expected at most ${limits.image} bytes, received more`
    const half = limits.image / 2
    expect(await send('/images', form(half, half))).toEqual([200, [half, half]])
    expect(await send('/images', form(half, half + 1))).toEqual([413, { error }])
  })

  it('has files of 16 MiB at most', async () => {
    const send = await sender()
    const error = `1.png: expected at most ${limits.image} bytes, received more`
    expect(await send('/forms', form(1, limits.image))).toEqual([200, [1, limits.image]])
    expect(await send('/forms', form(1, limits.image + 1))).toEqual([413, { error }])
  })
})
