import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { mismatch } from './errors.js'
import { parseJson } from './json.js'
import { jsonFault } from './json-syntax.js'
import { parseBy } from './schema.js'

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('jsonFault', () => {
  it.each([
    ['', 'line 1, column 1: expected a value, received the end of the text'],
    ['\ufeff{}', 'line 1, column 1: expected a value, received "\ufeff"'],
    ['{"a": 1,\n  b: 2}', 'line 2, column 3: expected a key in double quotes, received "b"'],
    ['{"a": 1,}', 'line 1, column 9: expected a key in double quotes, received "}"'],
    ['{"a" 1}', 'line 1, column 6: expected a colon, received "1"'],
    ['{"a": 1 "b": 2}', 'line 1, column 9: expected a comma or }, received "\\""'],
    ['[1, 2', 'line 1, column 6: expected a comma or ], received the end of the text'],
    ['[01]', 'line 1, column 2: expected a value or ], received "0"'],
    ["['a']", 'line 1, column 2: expected a value or ], received "\'"'],
    ['"a\nb"', 'line 1, column 3: expected the rest of a string, received "\\n"'],
    ['{} x', 'line 1, column 4: expected the end of the text, received "x"'],
  ])('says where %j fails', (text, fault) => {
    expect(jsonFault(text)).toBe(fault)
  })

  it('finds a fault where JSON.parse does, and nowhere else', () => {
    const damaged = fc
      .tuple(
        fc.json({ maxDepth: 3 }),
        fc.nat(),
        fc.constantFrom(...'{}[],:"\\ 01-.eEtn\n\u0000\u007fu'),
        fc.nat(2),
      )
      .map(([json, place, character, cut]) => {
        const at = place % (json.length + 1)
        return json.slice(0, at) + character + json.slice(at + cut)
      })
    const texts = fc.oneof(fc.json(), damaged, fc.string({ unit: 'binary' }))
    fc.assert(fc.property(texts, (text) => (jsonFault(text) === undefined) === isJson(text)))
  })

  it('reaches the end of what is long or nested deeply', () => {
    expect(jsonFault('['.repeat(100_000))).toMatch(/column 100001: expected a value or \], received the end/)
    expect(jsonFault(`"${'\\n'.repeat(1_000_000)}`)).toMatch(
      /expected the rest of a string, received the end/,
    )
  })
})

describe('parseJson', () => {
  const schema = z.strictObject({
    epochs: z.int().positive(),
    restart: z.union([z.number().lt(1), z.array(z.number().lt(1))]),
    optimizer: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('adam'), beta: z.number() }),
      z.strictObject({ kind: z.literal('sgd') }),
    ]),
    names: z.record(z.string(), z.string()),
  })
  const valid = { epochs: 1, restart: 0, optimizer: { kind: 'sgd' }, names: {} }
  const messageFor = (changes: object): string => {
    try {
      parseJson('r.json', JSON.stringify({ ...valid, ...changes }), 'values', (json) => parseBy(schema, json))
      return 'read'
    } catch (error) {
      return String(error)
    }
  }

  it.each<[object, string]>([
    [{}, 'read'],
    [{ epochs: 'ten' }, 'epochs: expected a number, received "ten"'],
    [{ epochs: 0 }, 'epochs: expected more than 0, received 0'],
    [{ epochs: undefined }, 'epochs: expected a number, received nothing'],
    [{ epochs: 1.5 }, 'epochs: expected a whole number, received 1.5'],
    [{ restart: 'x' }, 'restart: expected a number or an array, received "x"'],
    [{ restart: 2 }, 'restart: expected less than 1, received 2'],
    [{ restart: [0.5, 2] }, 'restart.1: expected less than 1, received 2'],
    [{ optimizer: { kind: 'x' } }, 'optimizer.kind: expected "adam" or "sgd", received "x"'],
    [{ optimizer: { kind: 'adam' } }, 'optimizer.beta: expected a number, received nothing'],
    [{ names: { a: 1 } }, 'names.a: expected a string, received 1'],
    [{ more: 1, less: 2 }, 'expected no other keys, received "more", "less"'],
  ])('says in our words what a schema finds wrong: %j', (changes, message) => {
    const told = messageFor(changes)
    if (message === 'read') expect(told).toBe(message)
    else expect(told).toBe(`AtelierError: r.json: expected values, received ${message}`)
  })

  it('shows what steers a terminal or cannot be seen, and shortens what is long', () => {
    expect(messageFor({ epochs: '\u009b2J\u202e' })).toContain('received "\\u009b2J\\u202e"')
    expect(messageFor({ epochs: 'x'.repeat(10_000) }).length).toBeLessThan(200)
    expect(messageFor({ optimizer: Array(10_000).fill(0) })).toMatch(
      /expected an object, received \[0,0,.*\.\.\.$/,
    )
    const long = 'x'.repeat(10_000)
    expect(mismatch(long, long, long, 'Do that').length).toBeLessThan(1600)
  })
})
