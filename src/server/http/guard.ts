/**
 * Who may ask. A page elsewhere can make a browser ask anything of 127.0.0.1, and a name of its own can be made to
 * point there (DNS rebinding): Host has to be a name of this server, and a change has to come from its own pages.
 */
import { hostname } from 'node:os'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { mismatch } from '../../core/errors.js'
import { HttpError } from './errors.js'
import { Secret } from './secret.js'

export interface GuardOptions {
  /** The address that the server binds to. */
  readonly host: string
  /** More names under which it is reached, through a reverse proxy for one. */
  readonly names: readonly string[]
  /** Wanted for everything that is not open to all; null: for nothing. */
  readonly token: string | null
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the endpoint answers is no secret: it wants neither the token nor a name of this server. */
    readonly openToAll?: boolean
  }
}

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether nobody but this machine reaches the address. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)

/** Checks each request before anything of it is read but its headers. */
export function guard(app: FastifyInstance, options: GuardOptions): void {
  const names = allowedNames(options)
  const pages = new Set(options.names.map((name) => name.toLowerCase()))
  const secret = options.token === null ? null : new Secret(options.token)
  app.addHook('onRequest', async (request, reply) => {
    checkTarget(request)
    if (SAFE.has(request.method) && request.routeOptions.config.openToAll) return undefined
    checkHost(request, names, options.token !== null)
    if (!SAFE.has(request.method)) checkOrigin(request, pages)
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

/**
 * Pages of this server are those at the address that the request was sent to, and those at a name that was allowed,
 * whatever their scheme and port: a reverse proxy changes both, and Host too.
 */
function checkOrigin({ headers }: FastifyRequest, pages: ReadonlySet<string>): void {
  const { origin, host, 'sec-fetch-site': site } = headers
  const elsewhere =
    (origin !== undefined && !isOwn(origin, host, pages)) ||
    (site !== undefined && site !== 'same-origin' && site !== 'none')
  if (!elsewhere) return
  const received = origin ?? `Sec-Fetch-Site: ${String(site)}`
  const hint = 'If it is the address of your reverse proxy, start the server with --allow-host and its name'
  throw new HttpError(403, mismatch('Header Origin', 'a page of this server', received, hint))
}

function isOwn(origin: string, host: string | undefined, pages: ReadonlySet<string>): boolean {
  const [, from, name] = /^https?:\/\/((\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?)$/i.exec(origin) ?? []
  // An opaque origin is called null.
  if (from === undefined || name === undefined) return false
  return from.toLowerCase() === host?.toLowerCase() || pages.has(name.toLowerCase())
}

async function checkToken(request: FastifyRequest, reply: FastifyReply, secret: Secret): Promise<unknown> {
  const { authorization, cookie = '' } = request.headers
  const bearer = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1]
  // Node reads the bytes of a header as Latin-1.
  if (bearer !== undefined && secret.is(Buffer.from(bearer, 'latin1'))) return undefined
  if (secret.isKeptIn(cookie)) return undefined
  const given = tokenInQuery(request)
  if (given?.tokens.some((token) => secret.is(Buffer.from(token)))) {
    return reply.header('set-cookie', secret.cookies(cookie)).redirect(given.rest, 303)
  }
  reply.header('www-authenticate', 'Bearer realm="atelier"')
  const hint =
    'Send it as Authorization: Bearer TOKEN, or open once the address that the server printed, ' +
    'which ends in ?token= and the token, percent-encoded'
  throw new HttpError(
    401,
    mismatch('Token', 'the one that the server was started with', 'another or none', hint),
  )
}

/** A page opened with ?token=..., and the same page without it: relative, since a reverse proxy may show it elsewhere. */
function tokenInQuery({ method, url }: FastifyRequest): { tokens: readonly string[]; rest: string } | null {
  const [, path = '', query] = /^([^?]*)\?(.*)$/.exec(url) ?? []
  if (method !== 'GET' || query === undefined) return null
  const isToken = (pair: string): boolean => pair.startsWith('token=')
  const pairs = query.split('&')
  const given = pairs.find(isToken)
  if (given === undefined) return null
  const rest = pairs.filter((pair) => !isToken(pair)).join('&')
  const page = `./${path.slice(path.lastIndexOf('/') + 1)}`
  return { tokens: readings(given.slice('token='.length)), rest: rest === '' ? page : `${page}?${rest}` }
}

/** What a value in a query may stand for. In forms a plus is a blank; typed by hand it is itself, and a % may be too. */
function readings(value: string): readonly string[] {
  const decoded = (text: string): string => new URLSearchParams(`value=${text}`).get('value') ?? ''
  return [decoded(value), decoded(value.replaceAll('+', '%2B')), value]
}
