/**
 * Files of which a folder has the gzipped form alone, as the package has its largest: handed out as they lie to whoever
 * takes gzip, as browsers do, and unpacked on the way to all others.
 */
import { createReadStream, existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { createGunzip } from 'node:zlib'
import type { App } from '../http/app.js'

const types: Readonly<Record<string, string>> = { '.wasm': 'application/wasm' }

/** A route for each of them, with `headers` of its path. */
export async function gzippedRoutes(
  app: App,
  folder: string,
  headers: (path: string) => Readonly<Record<string, string>>,
): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const { parentPath, name } of entries.filter((entry) => entry.name.endsWith('.gz'))) {
    const file = join(parentPath, name)
    const path = file.slice(0, -'.gz'.length)
    if (existsSync(path)) continue
    app.get(`/${relative(folder, path).split(sep).join('/')}`, async (request, reply) => {
      const packed = takesGzip(request.headers['accept-encoding'])
      const content = createReadStream(file)
      reply.headers(headers(path)).type(types[extname(path)] ?? 'application/octet-stream')
      return packed
        ? reply.header('content-encoding', 'gzip').send(content)
        : reply.send(content.pipe(createGunzip()))
    })
  }
}

/** By the header Accept-Encoding (RFC 9110): its weight of gzip, or of `*` where gzip is not named, is above 0. */
function takesGzip(accepted: string | undefined): boolean {
  const weights = new Map(
    (accepted ?? '').split(',').map((part) => {
      const [coding = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
      const weight = parameters.find((text) => text.startsWith('q='))
      return [coding, weight === undefined ? 1 : Number(weight.slice(2))]
    }),
  )
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0
}
