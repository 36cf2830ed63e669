/** `/api/models`: trained models, how good they are and what they see. */

import type { FastifyReply } from 'fastify'
import { Memo } from '../../core/memo.js'
import { checkedOnnx } from '../../export/onnx.js'
import { HttpError } from '../http/errors.js'
import { answersKnown } from '../http/known.js'
import { limits } from '../http/limits.js'
import { patience, within } from '../http/patience.js'
import { mapImages } from '../map/map.js'
import type { ListedModel } from '../models/catalog.js'
import { describeModels, detailModel } from '../models/describe.js'
import { filtersOf } from '../models/filters.js'
import { errorSchema } from '../schemas/common.js'
import {
  cellQuery,
  evaluationSchema,
  filtersSchema,
  type ImageMap,
  mapQuery,
  mapSchema,
  mistakesQuery,
  modelDetailSchema,
  modelListSchema,
  modelParams,
  scoredImagesSchema,
} from '../schemas/models.js'
import type { Routes } from './routes.js'

const tags = ['Models']
const errors = { 404: errorSchema }

/** An ONNX file takes up to 100 MB. */
const MOST_ONNX = 2

export const modelRoutes: Routes = (app, { catalog, computations, data, engines, scores }) => {
  app.get(
    '/api/models',
    {
      schema: {
        tags,
        summary: 'The pretrained models and the finished runs',
        response: { 200: modelListSchema },
      },
    },
    async () => ({ models: await describeModels(await catalog.listModels()) }),
  )

  app.get(
    '/api/models/:id',
    {
      schema: {
        tags,
        summary: 'A model: layers, recipe, learning curve, model card',
        params: modelParams,
        response: { 200: modelDetailSchema, ...errors },
      },
    },
    async ({ params }) => detailModel(await catalog.findModel(params.id)),
  )

  app.get(
    '/api/models/:id/evaluation',
    {
      schema: {
        tags,
        summary: 'Its score on the test images',
        params: modelParams,
        response: { 200: evaluationSchema, ...errors },
      },
    },
    async ({ params }, reply) => {
      const listed = await catalog.findModel(params.id)
      return evaluationSchema.strip().parse(await inTime(reply, scores.evaluation(listed)))
    },
  )

  app.get(
    '/api/models/:id/images',
    {
      schema: {
        tags,
        summary: 'Test images by true and predicted class: those in a cell of the confusion matrix',
        params: modelParams,
        querystring: cellQuery,
        response: { 200: scoredImagesSchema, ...errors },
      },
    },
    async ({ params, query: { truth, predicted, offset, limit } }, reply) => {
      const scored = await inTime(reply, scores.scored(await catalog.findModel(params.id)))
      const images = scored.filter(
        (image) =>
          (truth === undefined || image.label === truth) &&
          (predicted === undefined || image.predicted === predicted),
      )
      return { total: images.length, images: images.slice(offset, offset + limit) }
    },
  )

  app.get(
    '/api/models/:id/mistakes',
    {
      schema: {
        tags,
        summary: 'Test images that it takes for another class, the most confident mistakes first',
        params: modelParams,
        querystring: mistakesQuery,
        response: { 200: scoredImagesSchema, ...errors },
      },
    },
    async ({ params, query: { offset, limit } }, reply) => {
      const scored = await inTime(reply, scores.scored(await catalog.findModel(params.id)))
      const images = scored.filter(({ label, predicted }) => label !== predicted)
      return { total: images.length, images: images.slice(offset, offset + limit) }
    },
  )

  app.get(
    '/api/models/:id/filters',
    {
      schema: {
        tags,
        summary: "The first layer's kernels",
        params: modelParams,
        response: { 200: filtersSchema, ...errors },
      },
    },
    async ({ params }, reply) => {
      const { model } = await catalog.findModel(params.id)
      return computations.run(() => filtersOf(model), patience(reply, limits.computeMs))
    },
  )

  const maps = new Memo<ImageMap>()
  app.get(
    '/api/models/:id/map',
    {
      schema: {
        tags,
        summary: 'Test images by its last hidden layer: two principal components, or UMAP',
        params: modelParams,
        querystring: mapQuery,
        response: { 200: mapSchema, ...errors },
      },
    },
    async ({ params, query: { limit, by } }, reply) => {
      const listed = await catalog.findModel(params.id)
      const map = maps.get(`${by} ${limit} ${listed.id}`, listed.version, async () => {
        // A computation of its own, which must not wait for its turn in that of the map.
        const scored = await scores.scored(listed)
        const predicted = new Map(scored.map((image) => [image.index, image.predicted]))
        return computations.run(async () => {
          const [dataset, engine] = await Promise.all([data.get(), engines.scoring()])
          return mapImages(listed.model, dataset, engine, { limit, by }, predicted)
        })
      })
      return inTime(reply, map)
    },
  )

  const files = new Memo<Uint8Array>(MOST_ONNX)
  const onnx = (listed: ListedModel, activations: boolean): Promise<Uint8Array> =>
    files.get(`${activations} ${listed.id}`, listed.version, () =>
      computations.run(async () => {
        const { bytes } = await checkedOnnx(listed.model, { precision: 'f32', activations, checker: null })
        return bytes
      }),
    )
  for (const [file, activations] of [
    ['model.onnx', false],
    ['activations.onnx', true],
  ] as const) {
    app.get(
      `/api/models/:id/${file}`,
      {
        schema: {
          tags,
          summary: activations
            ? "An ONNX file that returns every layer's result too, under the layer's name"
            : 'An ONNX file: pixel_values [n, 1, 28, 28] in [0, 1] to logits',
          params: modelParams,
          produces: 'application/octet-stream',
        },
      },
      async (request, reply) => {
        const listed = await catalog.findModel(request.params.id)
        if (answersKnown(request, reply, await catalog.contentOf(listed))) return reply
        const bytes = await inTime(reply, onnx(listed, activations))
        return reply.type('application/octet-stream').send(asBuffer(bytes))
      },
    )
  }

  app.get(
    '/api/models/:id/held-out.bin',
    {
      schema: {
        tags,
        summary:
          'Logits of held-out images, which tell how familiar an image is: f32, little-endian, [n, classes]',
        params: modelParams,
        produces: 'application/octet-stream',
      },
    },
    async (request, reply) => {
      const listed = await catalog.findModel(request.params.id)
      if (answersKnown(request, reply, await catalog.contentOf(listed))) return reply
      const heldOut = await listed.model.heldOutLogits()
      if (heldOut === null) {
        throw new HttpError(
          404,
          `Held-out logits of ${listed.id}: expected some, received none: it held nothing out`,
        )
      }
      return reply.type('application/octet-stream').send(asBuffer(heldOut.logits))
    },
  )
}

/** What others wait for too, or will ask for, goes on where one of them has gone or waited long enough. */
const inTime = <T>(reply: FastifyReply, work: Promise<T>): Promise<T> =>
  within(patience(reply, limits.computeMs), work)

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array | Float32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)
