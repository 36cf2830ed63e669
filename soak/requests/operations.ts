/** Requests that are wrong or nearly right, for every operation of the server's OpenAPI document. */
import fc from 'fast-check'
import { oddText, type Schema, valueFor } from '../fuzz/values.js'
import { type Body, bodyFor, type Content } from './bodies.js'

/** What is read of the document. */
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
}
interface Described {
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
}
interface Parameter {
  readonly name: string
  readonly in: string
  readonly schema: Schema
}
export interface Operation extends Described {
  readonly path: string
  readonly method: string
}

export interface Request {
  readonly path: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Body | null
  /** The client goes before its body is whole. */
  readonly leaves?: boolean
}

const MODELS = ['nn', 'nn', 'dnn', 'cnn']

export const operationsOf = ({ paths }: OpenApiDocument): Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      path,
      method: method.toUpperCase(),
    })),
  )

/** So many requests for an operation; the same seed makes the same. `ids` are those of trainings that are there. */
export function requestsFor(
  operation: Operation,
  count: number,
  seed: number,
  ids: readonly string[] = [],
): Request[] {
  return fc.sample(requestFor(operation, ids), { seed, numRuns: count })
}

function requestFor(operation: Operation, ids: readonly string[]): fc.Arbitrary<Request> {
  const { path, method, parameters, requestBody } = operation
  const inPath = parameters.filter((one) => one.in === 'path')
  const inQuery = parameters.filter((one) => one.in === 'query')
  const valuesOf = (list: readonly Parameter[]) =>
    Object.fromEntries(list.map((one) => [one.name, parameterFor(path, one, ids)]))
  return fc
    .record({
      inPath: fc.record(valuesOf(inPath)),
      inQuery: fc.record(valuesOf(inQuery), { requiredKeys: [] }),
      odd: oddEnd,
      headers: oddHeaders,
      body: requestBody ? bodyFor(requestBody.content) : fc.constant(null),
      leaves: fc.integer({ min: 1, max: 40 }).map((n) => n === 1 && method === 'POST'),
    })
    .map(({ inPath, inQuery, odd, ...rest }) => {
      const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => escaped(inPath[name]))
      const query = Object.entries(inQuery).map(([name, value]) => `${name}=${escaped(value)}`)
      const end = query.length > 0 && odd === '' ? `?${query.join('&')}` : odd
      return { ...rest, method, path: filled + end }
    })
}

const oddEnd = fc.oneof(
  { weight: 9, arbitrary: fc.constant('') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('?', '?&&=', '?a=1', '?limit=1&limit=2', '?__proto__=1', '?%', '/', '//'),
  },
)
const oddHeaders = fc.constantFrom<Readonly<Record<string, string>>[]>(
  {},
  {},
  {},
  { accept: 'x' },
  { 'if-none-match': '"x"' },
  { range: 'bytes=9-1' },
  { 'accept-encoding': '*;q=0' },
)

function parameterFor(
  path: string,
  { name, schema }: Parameter,
  ids: readonly string[],
): fc.Arbitrary<unknown> {
  const right: Readonly<Record<string, readonly string[]>> = {
    model: MODELS,
    models: [...MODELS, 'nn,dnn', 'nn,,', ','],
    version: ['1'],
    split: ['train', 'test'],
    index: ['0', '99', '100'],
    indices: ['0', '1,2,3', '99,100'],
    class: ['0', '9', '10'],
    limit: ['1', '50'],
    id: path.startsWith('/api/models') ? MODELS : [...ids, 'no-such'],
  }
  const usual = right[name] ? fc.constantFrom(...right[name]) : valueFor(schema)
  return fc.oneof(
    { weight: 8, arbitrary: usual },
    { weight: 1, arbitrary: valueFor(schema) },
    { weight: 1, arbitrary: oddText },
  )
}

function escaped(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '?')).slice(0, 4000)
}

/** What is wrong with an answer: a failure of the server, or an error that does not say why in its own words. */
export function problemOf(
  status: number,
  text: string,
  mayTryAgain: boolean,
  isInOwnWords: (message: string) => boolean,
): string | null {
  if (status >= 500 && !(status === 503 && mayTryAgain)) return `status ${status}`
  if (status < 400) return null
  const message = errorIn(text)
  if (message === null) return `status ${status} without an error that says why`
  return isInOwnWords(message) ? null : 'an error in words that are not our own'
}

function errorIn(text: string): string | null {
  try {
    const { error } = JSON.parse(text)
    return typeof error === 'string' ? error : null
  } catch {
    return null
  }
}
