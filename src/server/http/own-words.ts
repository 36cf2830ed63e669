/** What Fastify, its plugins and Node refuse a request with, in our words: by their codes, or by the status alone. */
import type { FastifyError, FastifyRequest } from 'fastify'
import { mismatch } from '../../core/errors.js'

type Words = (request: FastifyRequest) => string

const limitOf: Words = ({ routeOptions }) =>
  mismatch('Body', `at most ${routeOptions.bodyLimit} bytes`, 'more')

const typeOf: Words = ({ routeOptions, headers }) => {
  const { consumes = ['application/json'] } = routeOptions.schema ?? {}
  return mismatch('Content-Type', consumes.join(', '), headers['content-type'] ?? 'none')
}

const byCode: Readonly<Record<string, Words>> = {
  FST_ERR_CTP_EMPTY_JSON_BODY: () => mismatch('Body', 'JSON', 'none'),
  FST_ERR_CTP_INVALID_JSON_BODY: () => mismatch('Body', 'JSON', 'something else'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    mismatch('Body', 'as many bytes as Content-Length says', 'another number'),
  FST_ERR_BAD_URL: ({ url }) => mismatch('Path', 'one whose %-signs encode UTF-8', url),
  FST_ERR_MAX_PARAM_LENGTH: () => mismatch('Path', 'ids of at most 500 characters', 'a longer one'),
}

const byStatus: Readonly<Record<number, Words>> = {
  400: () => mismatch('Request', 'one by the rules of HTTP', 'another'),
  404: ({ url }) => mismatch('Path', 'one that is there', url),
  408: () => mismatch('Request', 'all of it in time', 'a part'),
  413: limitOf,
  415: typeOf,
  416: ({ headers }) => mismatch('Header Range', 'a part of the file', headers.range ?? 'none'),
  431: () => mismatch('Headers', 'fewer bytes', 'more'),
  500: () => 'the server failed; its log on stderr says more',
}

/** The message of an error that is not our own. */
export function ownWords({ code }: Partial<FastifyError>, status: number, request: FastifyRequest): string {
  const words = byCode[code ?? ''] ?? byStatus[status] ?? byStatus[status < 500 ? 400 : 500]
  return (words as Words)(request)
}
