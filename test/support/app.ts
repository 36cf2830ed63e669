/** The server within a test's process: in whole, or with the routes that the test adds. */
import { join } from 'node:path'
import fastify from 'fastify'
import { packageReleases } from '../../src/runs/released-weights.js'
import type { ServerOptions } from '../../src/server/app.js'
import type { App } from '../../src/server/http/app.js'
import { sendError } from '../../src/server/http/errors.js'
import { serializerCompiler, validatorCompiler } from '../../src/server/http/zod.js'

/** Of a server in whole, with the released models; its runs lie in `folder`, and there is no studio. */
export const serverOptions = (folder: string): ServerOptions => ({
  host: '127.0.0.1',
  names: [],
  token: null,
  places: { pretrained: packageReleases, runs: join(folder, 'runs') },
  data: undefined,
  engine: 'auto',
  threads: 1,
  commandLine: [process.execPath, 'dist/cli/main.js'],
  studio: join(folder, 'no-studio'),
})

/** Validates, answers and tells errors as the server does. */
export function bareApp(): App {
  const app = fastify({ forceCloseConnections: true }) as unknown as App
  app.setErrorHandler(sendError)
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  return app
}
