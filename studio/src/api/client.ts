/** Requests to the server, whose answers are typed by its schemas. */
import type { ApiError } from '../../../src/server/schemas/common.js'

/** The server said no, or nothing: `message` can be shown as it is. */
export class RequestError extends Error {
  constructor(
    message: string,
    /** 0 where no answer came. */
    readonly status: number,
  ) {
    super(message)
  }
}

interface Options {
  readonly method?: 'GET' | 'POST'
  readonly body?: BodyInit
  readonly json?: unknown
  readonly signal?: AbortSignal
}

/** The JSON of `path`; T is the schema's type, which the server holds its answers to. */
export async function request<T>(path: string, options: Options = {}): Promise<T> {
  const response = await send(path, options)
  if (!response.ok) throw new RequestError(await reasonOf(response), response.status)
  return (await response.json()) as T
}

async function send(path: string, { method = 'GET', body, json, signal }: Options): Promise<Response> {
  const content = json === undefined ? body : JSON.stringify(json)
  try {
    return await fetch(path, {
      method,
      ...(content === undefined ? {} : { body: content }),
      ...(json === undefined ? {} : { headers: { 'content-type': 'application/json' } }),
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new RequestError('The server does not answer. Is `atelier serve` still running?', 0)
  }
}

async function reasonOf(response: Response): Promise<string> {
  const body = (await response.json().catch(() => null)) as Partial<ApiError> | null
  return body?.error ?? `The server answered ${response.status} ${response.statusText}.`
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
