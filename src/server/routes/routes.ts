import type { App } from '../http/app.js'
import type { Services } from '../services.js'

/** Adds endpoints. */
export type Routes = (app: App, services: Services) => void
