/** Fastify's schemas in zod: requests are validated by them, and handlers typed. */
import type { FastifySchemaCompiler, FastifyTypeProvider } from 'fastify'
import type { z } from 'zod'
import { explain } from '../../core/schema.js'
import { HttpError } from './errors.js'

export interface ZodTypeProvider extends FastifyTypeProvider {
  readonly validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown
  readonly serializer: this['schema'] extends z.ZodType ? z.input<this['schema']> : unknown
}

declare module 'fastify' {
  interface FastifySchema {
    /** What the endpoint does, in a few words and in more. */
    readonly summary?: string
    readonly description?: string
    readonly tags?: readonly string[]
    /** Types of bodies that are no JSON. */
    readonly consumes?: readonly string[]
    /** The type of the answer, where it is no JSON. */
    readonly produces?: string
  }
}

const places: Readonly<Record<string, string>> = {
  body: 'Body',
  querystring: 'Query',
  params: 'Path',
  headers: 'Headers',
}

export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart = 'body' }) =>
  (data: unknown) => {
    const { data: value, error } = parseRequest(schema, data)
    return error ? { error: new HttpError(400, `${places[httpPart]}: ${explain(error)}`) } : { value }
  }

/**
 * What a part of a request says, by its schema. Null is "not given": so do clients in Go, Java and C# write the fields
 * that they leave out.
 */
export function parseRequest<T>(schema: z.ZodType<T>, data: unknown): z.ZodSafeParseResult<T> {
  return schema.safeParse(withoutNulls(data), { reportInput: true })
}

/** No schema looks deeper; a body nested without end is left to it. */
const DEEPEST = 8

function withoutNulls(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return value
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, depth + 1))
  const given = Object.entries(value).filter(([, field]) => field !== null)
  return Object.fromEntries(given.map(([name, field]) => [name, withoutNulls(field, depth + 1)]))
}

/** Handlers are typed by the schemas of their answers, and tests check them. */
export const serializerCompiler = () => (data: unknown) => JSON.stringify(data)
