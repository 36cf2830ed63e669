/** Requests to the server, whose answers are typed by its schemas. */
import type { ApiError } from '../../../src/server/schemas/common.js'
import { hrefOf } from '../router/root.js'
import { StudioError } from '../text/studio-error.js'

interface Options {
  readonly method?: 'GET' | 'POST'
  readonly body?: BodyInit
  readonly json?: unknown
  readonly signal?: AbortSignal
}

/** The JSON of `path`; T is the schema's type, which the server holds its answers to. */
export async function request<T>(path: string, options: Options = {}): Promise<T> {
  return (await (await send(path, options)).json()) as T
}

export async function requestBytes(path: string): Promise<ArrayBuffer> {
  return (await send(path, {})).arrayBuffer()
}

async function send(path: string, options: Options): Promise<Response> {
  const response = await reach(path, options)
  if (!response.ok) throw await refusal(response)
  return response
}

async function reach(path: string, { method = 'GET', body, json, signal }: Options): Promise<Response> {
  const content = json === undefined ? body : JSON.stringify(json)
  try {
    return await fetch(hrefOf(path), {
      method,
      ...(content === undefined ? {} : { body: content }),
      ...(json === undefined ? {} : { headers: { 'content-type': 'application/json' } }),
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new StudioError('silent')
  }
}

async function refusal(response: Response): Promise<StudioError> {
  const body = (await response.json().catch(() => null)) as Partial<ApiError> | null
  if (body?.error !== undefined) return new StudioError('server', body.error)
  return new StudioError('status', response.status, response.statusText)
}
