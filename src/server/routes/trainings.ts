/** `/api/trainings`: start, follow, pause, stop and resume. */
import type { FastifyReply } from 'fastify'
import { errorSchema } from '../schemas/common.js'
import {
  startSchema,
  trainingDetailSchema,
  trainingListSchema,
  trainingParams,
  trainingSchema,
} from '../schemas/trainings.js'
import type { Choose } from '../trainings/feed.js'
import type { Routes } from './routes.js'

const tags = ['Training']
const errors = { 400: errorSchema, 404: errorSchema, 409: errorSchema }

export const trainingRoutes: Routes = (app, { trainings }) => {
  app.get(
    '/api/trainings',
    {
      schema: {
        tags,
        summary: 'The training whose turn it is, the queue, and what is over',
        response: { 200: trainingListSchema },
      },
    },
    async () => ({ trainings: await trainings.list() }),
  )

  app.post(
    '/api/trainings',
    {
      schema: {
        tags,
        summary: 'Queues a training',
        body: startSchema,
        response: { 201: trainingSchema, ...errors },
      },
    },
    async ({ body }, reply) => reply.code(201).send(await trainings.start(body)),
  )

  app.get(
    '/api/trainings/events',
    {
      schema: {
        tags,
        summary: 'Server-sent events about all trainings',
        description:
          'trainings: the list, at first and after every change of a state; progress: {id, progress}; epoch: {id, epoch}.',
        produces: 'text/event-stream',
      },
      exposeHeadRoute: false,
    },
    async (_, reply) => {
      const first = async () => ['trainings', { trainings: await trainings.list() }] as const
      trainings.feed.follow(startStream(reply), first, async (name, data) => [name, data])
    },
  )

  app.get(
    '/api/trainings/:id',
    {
      schema: {
        tags,
        summary: 'A training: state, progress, history, log',
        params: trainingParams,
        response: { 200: trainingDetailSchema, ...errors },
      },
    },
    async ({ params }) => trainings.detail(params.id),
  )

  app.get(
    '/api/trainings/:id/events',
    {
      schema: {
        tags,
        summary: 'Server-sent events about one training',
        description:
          'training: all of it, at first and after every change of a state; progress: {id, progress}; epoch: {id, epoch}.',
        params: trainingParams,
        produces: 'text/event-stream',
      },
      exposeHeadRoute: false,
    },
    async ({ params: { id } }, reply) => {
      trainings.find(id)
      const state = async () => ['training', await trainings.detail(id)] as const
      const choose: Choose = async (name, data) => {
        if (name === 'trainings') return state()
        return (data as { id: string }).id === id ? [name, data] : null
      }
      trainings.feed.follow(startStream(reply), state, choose)
    },
  )

  for (const [action, summary] of [
    ['pause', 'Writes a checkpoint and frees the machine; the training keeps its turn'],
    ['stop', 'Writes a checkpoint and gives the turn to the next in the queue'],
    ['resume', 'Continues a training from its checkpoint'],
  ] as const) {
    app.post(
      `/api/trainings/:id/${action}`,
      { schema: { tags, summary, params: trainingParams, response: { 200: trainingSchema, ...errors } } },
      async ({ params }) => trainings[action](params.id),
    )
  }
}

/** Takes the response from Fastify, which would bound its time. */
function startStream(reply: FastifyReply) {
  reply.hijack()
  reply.raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-accel-buffering': 'no',
  })
  return reply.raw
}
