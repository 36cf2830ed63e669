/** What the server tells of itself: the OpenAPI document, a page of it, and figures for Prometheus. */
import type { App } from '../app.js'
import { PAGE_POLICY } from '../http/headers.js'
import type { OpenApiDocument } from '../openapi/document.js'
import { renderDocument } from '../openapi/page.js'
import type { Services } from '../services.js'

export function systemRoutes(app: App, { metrics }: Services, document: OpenApiDocument): void {
  app.get('/openapi.json', async () => document)

  let page: string | undefined
  app.get('/docs', async (_, reply) => {
    page ??= renderDocument(document)
    return reply.header('content-security-policy', PAGE_POLICY).type('text/html; charset=utf-8').send(page)
  })

  app.get('/metrics', async (_, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(metrics.render()),
  )
}
