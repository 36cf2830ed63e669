/** The OpenAPI document (3.1), made of the schemas that requests are checked by. */
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify'
import { z } from 'zod'
import { atelierVersion } from '../../core/version.js'
import { errorSchema } from '../schemas/common.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The schema of a body that the endpoint itself takes apart. */
    readonly body?: z.ZodType
    /** Headers that it reads itself: names as they are told, and schemas of their values. */
    readonly headers?: z.ZodType
  }
}

export interface Operation {
  readonly summary: string
  readonly description?: string
  readonly tags: readonly string[]
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly required: true; readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>
}
export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly schema: JsonSchema
}
export type JsonSchema = Readonly<Record<string, unknown>>
type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>

export interface OpenApiDocument {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  /** Relative to where the document itself is found, below a path too. */
  readonly servers: readonly [{ readonly url: '.' }]
  readonly paths: Record<string, Record<string, Operation>>
}

/** Collects the routes that are added from now on, and that have a summary. */
export function describeRoutes(app: FastifyInstance): OpenApiDocument {
  const document: OpenApiDocument = {
    openapi: '3.1.0',
    info: {
      title: 'Atelier',
      version: atelierVersion(),
      description:
        'Predictions, explanations and trainings of Fashion-MNIST classifiers. ' +
        'A field of a body that is null counts as not given.',
    },
    servers: [{ url: '.' }],
    paths: {},
  }
  app.addHook('onRoute', (route) => {
    const { schema } = route
    if (schema?.summary === undefined || route.method === 'HEAD') return
    const path = route.url.replaceAll(/:(\w+)/g, '{$1}')
    document.paths[path] = {
      ...document.paths[path],
      [String(route.method).toLowerCase()]: describe(route, schema),
    }
  })
  return document
}

function describe({ config }: RouteOptions, schema: FastifySchema): Operation {
  const { summary = '', description, tags = [], consumes = ['application/json'] } = schema
  const body = (schema.body ?? config?.body) as z.ZodType | undefined
  const takesBody = body !== undefined || schema.consumes !== undefined
  return {
    summary,
    ...(description === undefined ? {} : { description }),
    tags,
    parameters: [
      ...parametersOf('path', schema.params),
      ...parametersOf('query', schema.querystring),
      ...parametersOf('header', config?.headers),
    ],
    ...(takesBody && {
      requestBody: {
        required: true as const,
        content: Object.fromEntries(
          consumes.map((type) => [type, { schema: bodySchema(type, body, schema.querystring) }]),
        ),
      },
    }),
    responses: responsesOf(schema),
  }
}

function parametersOf(place: Parameter['in'], schema: unknown): Parameter[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = jsonSchema(schema as z.ZodType, 'input') as {
    properties?: Record<string, JsonSchema>
    required?: string[]
  }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || (required.includes(name) && property.default === undefined),
    schema: property,
  }))
}

const binary = { type: 'string', format: 'binary' } as const

/** The fields of a form are the parameters of the query. */
function bodySchema(type: string, body: z.ZodType | undefined, query: unknown): JsonSchema {
  if (type === 'multipart/form-data') {
    const fields = parametersOf('query', query).map(({ name, schema }) => [name, schema])
    return {
      type: 'object',
      properties: { image: { type: 'array', items: binary }, ...Object.fromEntries(fields) },
    }
  }
  return body === undefined || type !== 'application/json' ? binary : jsonSchema(body, 'input')
}

function responsesOf({ response = {}, produces }: FastifySchema): Operation['responses'] {
  const known = Object.entries(response as Record<string, z.ZodType>).map(([status, schema]) => [
    status,
    {
      description: Number(status) < 400 ? 'Done' : (meanings[status] ?? 'Error'),
      content: { 'application/json': { schema: jsonSchema(schema, 'output') } },
    },
  ])
  const error = {
    description: 'Error',
    content: { 'application/json': { schema: jsonSchema(errorSchema, 'output') } },
  }
  return {
    ...Object.fromEntries(known),
    ...(produces && { 200: { description: 'Done', content: { [produces]: { schema: binary } } } }),
    default: error,
  }
}

const meanings: Readonly<Record<string, string>> = {
  400: 'The request is not as it must be',
  404: 'There is no such thing',
  409: 'Its state does not allow it',
  413: 'The body is too large',
  422: 'The body is no image that can be read',
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema: made }) => {
      // A whole number in a path or a query is a text in zod.
      if (made.type === 'integer') delete made.pattern
    },
  })
  return json
}
