/**
 * Who may ask. A page elsewhere can make a browser ask anything of 127.0.0.1, and a name of its own can be made to
 * point there (DNS rebinding): Host has to be a name of this server, and a change has to come from its own pages.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { hostname } from 'node:os'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { mismatch } from '../../core/errors.js'
import { HttpError } from './errors.js'

export interface GuardOptions {
  /** The address that the server binds to. */
  readonly host: string
  /** More names under which it is reached. */
  readonly names: readonly string[]
  /** Wanted for everything; null: for nothing. */
  readonly token: string | null
}

const COOKIE = 'atelier_token'
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether nobody but this machine reaches the address. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)

/** Checks each request before anything of it is read but its headers. */
export function guard(app: FastifyInstance, options: GuardOptions): void {
  const names = allowedNames(options)
  const secret = options.token === null ? null : digest(options.token)
  app.addHook('onRequest', async (request, reply) => {
    checkTarget(request)
    checkHost(request, names, options.token !== null)
    if (!SAFE.has(request.method)) checkOrigin(request)
    return secret === null ? undefined : checkToken(request, reply, secret)
  })
}

function allowedNames({ host, names }: GuardOptions): ReadonlySet<string> {
  const own = isLoopback(host) ? [] : [hostname(), `${hostname()}.local`]
  return new Set(
    ['localhost', '127.0.0.1', '[::1]', host, ...own, ...names].map((name) => name.toLowerCase()),
  )
}

/** Some take a request for what its whole address or a second Host says, others for what the first Host says. */
function checkTarget({ raw }: FastifyRequest): void {
  if (!raw.url?.startsWith('/')) {
    throw new HttpError(400, mismatch('Request', 'a path that begins with /', String(raw.url)))
  }
  const hosts = raw.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length
  if (hosts > 1) throw new HttpError(400, mismatch('Header Host', 'one', String(hosts)))
}

/** Addresses in numbers cannot be rebound; where the server listens to others, it may have any. */
const isAddress = (name: string): boolean => /^(\d{1,3}(\.\d{1,3}){3}|\[[\da-f:.]+\])$/.test(name)

function checkHost({ headers }: FastifyRequest, names: ReadonlySet<string>, addresses: boolean): void {
  const host = headers.host ?? ''
  const [, name = ''] = /^(\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i.exec(host) ?? []
  const known = name.toLowerCase()
  if (known !== '' && (names.has(known) || (addresses && isAddress(known)))) return
  const hint = 'To reach the server by another name, start it with --allow-host'
  throw new HttpError(421, mismatch('Header Host', 'a name of this server', host || 'none', hint))
}

function checkOrigin({ headers }: FastifyRequest): void {
  const { origin, host, 'sec-fetch-site': site } = headers
  const elsewhere =
    (origin !== undefined && hostOf(origin) !== host?.toLowerCase()) ||
    (site !== undefined && site !== 'same-origin' && site !== 'none')
  if (!elsewhere) return
  const received = origin ?? `Sec-Fetch-Site: ${String(site)}`
  throw new HttpError(403, mismatch('Header Origin', 'a page of this server', received))
}

/** Null for what is no origin; an opaque one is called `null`. */
function hostOf(origin: string): string | null {
  return /^https?:\/\/([^/]+)$/i.exec(origin)?.[1]?.toLowerCase() ?? null
}

async function checkToken(request: FastifyRequest, reply: FastifyReply, secret: Buffer): Promise<unknown> {
  const { authorization, cookie = '' } = request.headers
  const bearer = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1]
  if (bearer !== undefined && matches(digest(bearer), secret)) return undefined
  const kept = new RegExp(`(?:^|;\\s*)${COOKIE}=([\\da-f]{64})(?:;|$)`).exec(cookie)?.[1]
  if (kept !== undefined && matches(Buffer.from(kept, 'hex'), secret)) return undefined
  const given = tokenInQuery(request)
  if (given !== null && matches(digest(given.token), secret)) {
    const value = `${COOKIE}=${secret.toString('hex')}; Path=/; HttpOnly; SameSite=Lax`
    return reply.header('set-cookie', value).redirect(given.rest, 303)
  }
  reply.header('www-authenticate', 'Bearer realm="atelier"')
  const hint = 'Send it as Authorization: Bearer TOKEN, or open a page once with ?token=TOKEN'
  throw new HttpError(
    401,
    mismatch('Token', 'the one that the server was started with', 'another or none', hint),
  )
}

/** A page opened with ?token=..., and the same page without it. */
function tokenInQuery({ method, url }: FastifyRequest): { token: string; rest: string } | null {
  if (method !== 'GET') return null
  const [path = '/', query = ''] = url.split('?', 2)
  const parameters = new URLSearchParams(query)
  const token = parameters.get('token')
  if (token === null) return null
  parameters.delete('token')
  // Two slashes first would lead to another server.
  const page = path.replace(/^[/\\]+/, '/')
  return { token, rest: parameters.size === 0 ? page : `${page}?${parameters.toString()}` }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
const matches = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b)
