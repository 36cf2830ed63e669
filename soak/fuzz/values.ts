// What a fuzzer puts where a JSON schema wants something: often what is wanted, else anything else.
import fc from 'fast-check'

/** What the document of the server's API uses of JSON Schema. */
export interface Schema {
  readonly type?: string
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly items?: Schema
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
}
type Json = fc.Arbitrary<unknown>

/** Texts that have broken others. */
const ODD = [
  ...[
    '',
    ' ',
    '\0',
    '..',
    '../../etc/passwd',
    '..%2f',
    '%00',
    '%',
    '\\',
    '"',
    "'",
    '\n',
    '\r\nX: 1',
    '\u202e',
    '\ud800',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'null',
    'NaN',
    '-1',
    '1e999',
    '0x10',
    '9'.repeat(40),
    'x'.repeat(3000),
  ],
]
const NUMBERS = [0, -0, -1, 0.5, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 53), 1e308, -1e308, 5e-324]

export const oddText = fc.oneof(fc.constantFrom(...ODD), fc.string({ unit: 'binary', maxLength: 20 }))

/** Any JSON at all. */
const anything = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(null, true, false, [], {}, ...NUMBERS) },
  { weight: 2, arbitrary: oddText },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  { weight: 1, arbitrary: fc.integer({ min: 10, max: 500 }).map((depth) => nested(depth)) },
)

function nested(depth: number): unknown {
  let value: unknown = 0
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value }
  return value
}

/** Mostly a value for a schema, whose parts may be anything. */
export const valueFor = (schema: Schema): Json =>
  fc.oneof({ weight: 5, arbitrary: fitting(schema) }, { weight: 1, arbitrary: anything })

function fitting(schema: Schema): Json {
  const options = schema.anyOf ?? schema.oneOf
  if (options) return fc.oneof(...options.map(valueFor))
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.type === 'object') return objectFor(schema)
  if (schema.type === 'array') return fc.array(valueFor(schema.items ?? {}), { maxLength: 6 })
  if (schema.type === 'boolean') return fc.boolean()
  if (schema.type === 'null') return fc.constant(null)
  if (schema.type === 'integer') return integerFor(schema)
  if (schema.type === 'number') return fc.double({ noNaN: true })
  if (schema.type === 'string') return schema.pattern ? textFor(schema.pattern) : oddText
  return anything
}

function integerFor({ minimum = -(2 ** 40), maximum = 2 ** 40 }: Schema): Json {
  const [min, max] = [Math.max(minimum, -(2 ** 40)), Math.min(maximum, 2 ** 40)]
  const edges = fc.constantFrom(min, max, min - 1, max + 1)
  return fc.oneof(fc.integer({ min: Math.ceil(min), max: Math.min(max, min + 50) }), edges)
}

/** A pattern need not be anchored, and what it allows may be long. */
const textFor = (pattern: string): Json =>
  fc.oneof(fc.stringMatching(new RegExp(pattern), { size: 'small' }), oddText)

function objectFor({ properties = {}, additionalProperties }: Schema): Json {
  const known = fc.record(
    Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, valueFor(schema)])),
    { requiredKeys: [] },
  )
  const more = fc.dictionary(
    oddText,
    valueFor(typeof additionalProperties === 'object' ? additionalProperties : {}),
    { maxKeys: 2 },
  )
  return fc
    .tuple(known, fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: more }))
    .map(([a, b]) => ({ ...b, ...a }))
}
