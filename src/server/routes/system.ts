/** What the server tells of itself: the OpenAPI document, a page of it, and figures for Prometheus. */
import { z } from 'zod'
import type { App } from '../http/app.js'
import { PAGE_POLICY } from '../http/headers.js'
import type { OpenApiDocument } from '../openapi/document.js'
import { renderDocument } from '../openapi/page.js'
import type { Services } from '../services.js'

const tags = ['Server']

const documentSchema = z.looseObject({ openapi: z.string() })

interface SystemOptions {
  readonly document: OpenApiDocument
  /** Whether the figures are open to all. */
  readonly publicMetrics: boolean
}

export function systemRoutes(
  app: App,
  { metrics }: Services,
  { document, publicMetrics }: SystemOptions,
): void {
  app.get(
    '/openapi.json',
    { schema: { tags, summary: 'This document (OpenAPI 3.1)', response: { 200: documentSchema } } },
    async () => ({ ...document }),
  )

  let page: string | undefined
  app.get(
    '/docs',
    { schema: { tags, summary: 'The same as a page to read', produces: 'text/html' } },
    async (_, reply) => {
      page ??= renderDocument(document)
      return reply.header('content-security-policy', PAGE_POLICY).type('text/html; charset=utf-8').send(page)
    },
  )

  app.get(
    '/metrics',
    {
      config: { openToAll: publicMetrics },
      schema: {
        tags,
        summary: 'Figures for Prometheus, in its text format: requests, batches, queues, memory',
        produces: 'text/plain',
      },
    },
    async (_, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(metrics.render()),
  )
}
