/**
 * The studio's files; every other path is a page of the studio. A reverse proxy may show them below a path that the
 * server never sees, so each page leads to its files by addresses relative to its own.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { App } from '../http/app.js'
import { notFound } from '../http/errors.js'
import { gzippedRoutes } from './gzipped.js'

/** Below these paths what is not there is an error, and no page. */
const PROGRAMS = /^\/(api|v2|assets|metrics|openapi\.json|docs)(\/|\?|$)/

const notBuilt = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Atelier</title>
</head>
<h1>Atelier</h1>
<p>The server runs, but its studio has not been built. Build it with <code>npm run build:studio</code> and start the server again.</p>
<p>For programs: <a href="docs">the HTTP API</a>.</p>
</html>
`

export async function studioRoutes(app: App, folder: string): Promise<void> {
  const index = join(folder, 'index.html')
  const built = existsSync(index)
  const page = built ? await readFile(index, 'utf8') : notBuilt
  if (built) {
    await app.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      index: false,
      dotfiles: 'ignore',
      cacheControl: false,
      // The build leaves compressed copies, which are handed out in place of the files and not by names of their own.
      preCompressed: true,
      globIgnore: ['**/*.{br,gz}'],
      setHeaders: (reply, path) => {
        for (const [name, value] of Object.entries(headersOf(path))) reply.setHeader(name, value)
      },
    })
    await gzippedRoutes(app, folder, headersOf)
  }
  app.setNotFoundHandler(async (request, reply) => {
    const { method, url } = request
    if (PROGRAMS.test(url) || (method !== 'GET' && method !== 'HEAD'))
      throw notFound('Path', `${method} ${url}`)
    return reply
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(page.replace('<head>', `<head>\n    <base href="${rootFrom(url)}" />`))
  })
}

/** The way from a page to the studio's root: each slash after the first is a folder further down. */
function rootFrom(url: string): string {
  const [path = '/'] = url.split('?', 1)
  return path.split('/').slice(2).fill('../').join('') || './'
}

const headersOf = (path: string) => ({ 'cache-control': cachingOf(path), vary: 'accept-encoding' })

/** Names of assets change with what is in them. */
const cachingOf = (path: string): string =>
  /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'
