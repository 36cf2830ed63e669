import { expect, it } from 'vitest'
import { isInOwnWords } from '../fuzz/reader.js'
import { operationsOf, problemOf, requestsFor } from './operations.js'

it.each<[number, string, boolean, string | null]>([
  [200, 'anything', false, null],
  [400, '{"error":"Body: expected JSON, received something else"}', false, null],
  [503, '{"error":"Time: expected an answer"}', true, null],
  [503, '{"error":"Time: expected an answer"}', false, 'status 503'],
  [500, '{"error":"the server failed"}', false, 'status 500'],
  [404, 'Not found', false, 'status 404 without an error that says why'],
  [
    400,
    '{"error":"Unexpected token x in JSON at position 1"}',
    false,
    'an error in words that are not our own',
  ],
])('an answer %i %s, to be tried again: %s', (status, text, mayTryAgain, problem) => {
  expect(problemOf(status, text, mayTryAgain, isInOwnWords)).toBe(problem)
})

it('makes the same requests from the same seed', () => {
  const operation = { parameters: [{ name: 'model', in: 'path', schema: { type: 'string' } }] }
  const [first] = operationsOf({ paths: { '/v2/models/{model}': { get: operation } } })
  const made = (seed: number) => requestsFor(first!, 5, seed)
  expect(made(3)).toEqual(made(3))
  expect(made(3)).not.toEqual(made(4))
  expect(made(3)[0]).toMatchObject({ method: 'GET', path: expect.stringMatching(/^\/v2\/models\//) })
})
