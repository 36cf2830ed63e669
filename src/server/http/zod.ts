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
    const result = schema.safeParse(data, { reportInput: true })
    if (result.success) return { value: result.data }
    return { error: new HttpError(400, `${places[httpPart]}: ${explain(result.error)}`) }
  }

/** Handlers are typed by the schemas of their answers, and tests check them. */
export const serializerCompiler = () => (data: unknown) => JSON.stringify(data)
