/** `/v2`: the Open Inference Protocol, which the clients of KServe and Triton speak. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { mismatch } from '../../core/errors.js'
import { atelierVersion } from '../../core/version.js'
import { classCountOf, inputShapeOf } from '../../graph/graph.js'
import type { App } from '../http/app.js'
import { HttpError, notFound } from '../http/errors.js'
import { limits } from '../http/limits.js'
import { patience } from '../http/patience.js'
import type { ZodTypeProvider } from '../http/zod.js'
import { splitBody } from '../inference/binary.js'
import { INPUT, outputNames, readRequest, tensorShape } from '../inference/request.js'
import { VERSION, writeResponse } from '../inference/response.js'
import type { ListedModel } from '../models/catalog.js'
import { errorSchema } from '../schemas/common.js'
import {
  inferHeaders,
  inferParams,
  inferRequestSchema,
  inferResponseSchema,
  inferVersionParams,
  liveSchema,
  type ModelMetadata,
  modelMetadataSchema,
  modelReadySchema,
  readySchema,
  serverMetadataSchema,
} from '../schemas/inference.js'
import type { Services } from '../services.js'
import type { Routes } from './routes.js'

const tags = ['Open Inference Protocol']
const errors = { 400: errorSchema, 404: errorSchema }

export const inferenceRoutes: Routes = (parent, services) => {
  parent.register(async (scope) => {
    const app = scope.withTypeProvider<ZodTypeProvider>()
    acceptTensors(app)
    serverRoutes(app)
    for (const prefix of ['/v2/models/:model', '/v2/models/:model/versions/:version'] as const) {
      oneModelRoutes(app, services, prefix)
    }
  })
}

const bodyTypes = ['application/json', 'application/octet-stream']

/** Bodies as they are. Triton's Python client does not say what its own are. */
function acceptTensors(app: App): void {
  const asBuffer = { parseAs: 'buffer' } as const
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser(bodyTypes, asBuffer, async (_: FastifyRequest, body: Buffer) => body)
  app.addContentTypeParser('*', asBuffer, async ({ headers }: FastifyRequest, body: Buffer) => {
    const type = headers['content-type']
    if (type === undefined) return body
    throw new HttpError(415, mismatch('Content-Type', `${bodyTypes.join(', ')} or none`, type))
  })
}

function serverRoutes(app: App): void {
  app.get(
    '/v2',
    { schema: { tags, summary: 'The server', response: { 200: serverMetadataSchema } } },
    async () => ({ name: 'atelier', version: atelierVersion(), extensions: ['binary_tensor_data'] }),
  )
  app.get(
    '/v2/health/live',
    {
      config: { openToAll: true },
      schema: { tags, summary: 'Whether the server runs', response: { 200: liveSchema } },
    },
    async () => ({ live: true }),
  )
  app.get(
    '/v2/health/ready',
    {
      config: { openToAll: true },
      schema: { tags, summary: 'Whether the server answers', response: { 200: readySchema } },
    },
    async () => ({ ready: true }),
  )
}

interface ModelPath {
  readonly model: string
  readonly version?: string
}

function oneModelRoutes(app: App, { catalog, pool }: Services, prefix: string): void {
  const params = prefix.endsWith(':version') ? inferVersionParams : inferParams
  const find = async ({ model, version = VERSION }: ModelPath): Promise<ListedModel> => {
    const listed = await catalog.findModel(model)
    if (version !== VERSION) throw notFound(`Version of model ${model}`, version, `It has version ${VERSION}`)
    return listed
  }
  app.get(
    prefix,
    {
      schema: {
        tags,
        summary: "A model's tensors",
        params,
        response: { 200: modelMetadataSchema, ...errors },
      },
    },
    async (request) => metadataOf(await find(request.params)),
  )
  app.get(
    `${prefix}/ready`,
    {
      schema: {
        tags,
        summary: 'Whether a model answers',
        params,
        response: { 200: modelReadySchema, ...errors },
      },
    },
    async (request) => ({ name: (await find(request.params)).id, ready: true }),
  )
  app.post(
    `${prefix}/infer`,
    {
      bodyLimit: limits.tensors,
      schema: {
        tags,
        summary: 'Logits and calibrated probabilities of images',
        description:
          'pixel_values are FP32 in [0, 1], n x 1 x 28 x 28. With the header Inference-Header-Content-Length the body ' +
          'is so many bytes of JSON and then tensors as bytes.',
        consumes: bodyTypes,
        params,
        // The body is checked where its JSON has been told from its bytes.
        response: { 200: inferResponseSchema, ...errors },
      },
      config: { body: inferRequestSchema, headers: inferHeaders },
    },
    async (request, reply) => {
      const { id, model } = await find(request.params)
      const told = request.headers['inference-header-content-length']
      const body = request.body instanceof Buffer ? request.body : Buffer.alloc(0)
      const split = splitBody(body, Array.isArray(told) ? told[0] : told)
      const wanted = readRequest(split, inputShapeOf(model.graph))
      const signal = patience(reply)
      const logits = await pool.use(
        id,
        (served) => served.logits(wanted.images, wanted.count, signal),
        signal,
      )
      return send(reply, writeResponse(id, wanted, logits, model.temperature))
    },
  )
}

function send(reply: FastifyReply, { body, length }: ReturnType<typeof writeResponse>): FastifyReply {
  if (length === null) return reply.type('application/json; charset=utf-8').send(body)
  return reply
    .header('inference-header-content-length', String(length))
    .type('application/octet-stream')
    .send(body)
}

function metadataOf({ id, model }: ListedModel): ModelMetadata {
  const shape = [-1, classCountOf(model.graph)]
  return {
    name: id,
    versions: [VERSION],
    platform: 'atelier',
    inputs: [{ name: INPUT, datatype: 'FP32', shape: [-1, ...tensorShape(inputShapeOf(model.graph))] }],
    outputs: outputNames.map((name) => ({ name, datatype: 'FP32', shape })),
  }
}
