/** The HTTP server: what every request goes through, and where it is answered. */

import multipart from '@fastify/multipart'
import fastify from 'fastify'
import type { App } from './http/app.js'
import { refuseUnreadable, refuseWhenClosing } from './http/ends.js'
import { sendError } from './http/errors.js'
import { type GuardOptions, guard } from './http/guard.js'
import { secureHeaders } from './http/headers.js'
import { boundBodies, type ConnectionTimes, limits } from './http/limits.js'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from './http/zod.js'
import { describeRoutes } from './openapi/document.js'
import { dataRoutes } from './routes/data.js'
import { explainRoutes } from './routes/explain.js'
import { inferenceRoutes } from './routes/inference.js'
import { modelRoutes } from './routes/models.js'
import { predictRoutes } from './routes/predict.js'
import { recipeRoutes } from './routes/recipes.js'
import type { Routes } from './routes/routes.js'
import { runRoutes } from './routes/runs.js'
import { studioRoutes } from './routes/studio.js'
import { systemRoutes } from './routes/system.js'
import { trainingRoutes } from './routes/trainings.js'
import { createServices, type ServiceOptions } from './services.js'

export interface ServerOptions extends ServiceOptions, GuardOptions {
  /** The folder of the built studio. */
  readonly studio: string
  /** Whether `/metrics` is open to all. */
  readonly publicMetrics?: boolean
  /** Of connections, other than the usual ones: tests have no minute. */
  readonly times?: Partial<ConnectionTimes>
}

const routes: readonly Routes[] = [
  modelRoutes,
  predictRoutes,
  explainRoutes,
  dataRoutes,
  recipeRoutes,
  trainingRoutes,
  runRoutes,
  inferenceRoutes,
]

/** The server, not listening yet. Closing it finishes what was accepted, and stops the training with a checkpoint. */
export async function createApp(options: ServerOptions): Promise<App> {
  const times: ConnectionTimes = { ...limits, ...options.times }
  const app: App = fastify({
    bodyLimit: limits.json,
    requestTimeout: times.requestMs,
    connectionTimeout: times.idleMs,
    keepAliveTimeout: times.keepAliveMs,
    http: { headersTimeout: times.headersMs, connectionsCheckingInterval: times.checkMs },
    routerOptions: { maxParamLength: 500 },
    frameworkErrors: sendError,
    // Requests that were accepted are finished, whatever their connections.
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    clientErrorHandler: refuseUnreadable,
  }).withTypeProvider<ZodTypeProvider>()
  app.server.maxConnections = limits.connections
  // A page elsewhere may send plain text without asking first.
  app.removeContentTypeParser('text/plain')
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(sendError)
  secureHeaders(app)
  const services = createServices(options)
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    services.metrics.request(request.method, route, reply.statusCode, reply.elapsedTime / 1000)
  })
  refuseWhenClosing(app)
  guard(app, options)
  boundBodies(app)
  const document = describeRoutes(app)
  await app.register(multipart, { limits: limits.multipart })
  for (const add of routes) add(app, services)
  systemRoutes(app, services, { document, publicMetrics: options.publicMetrics === true })
  await studioRoutes(app, options.studio)
  app.addHook('onReady', () => services.trainings.open())
  app.addHook('preClose', () => services.trainings.close())
  app.addHook('onClose', () => services.photos.close())
  return app
}
