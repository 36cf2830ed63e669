/** Values of others, held to a schema: what is wrong with them is told in the words of all other errors. */
import type { z } from 'zod'
import { AtelierError, shown } from './errors.js'
import { formatAlternatives } from './format.js'

/** Of several things that are wrong so many are told. */
const MOST_TOLD = 5

/**
 * What the value is by the schema; `within` is where it stands in what the user gave.
 *
 * @throws AtelierError naming the places in it that are wrong, what was expected there and what was received.
 */
export function parseBy<T>(schema: z.ZodType<T>, value: unknown, within: Path = []): T {
  const result = schema.safeParse(value, { reportInput: true })
  if (result.success) return result.data
  throw new AtelierError(explain(result.error, within))
}

/** What a schema found wrong, the first of many: "schedule.warmup: expected at most 1, received 2; ...". */
export function explain({ issues }: z.ZodError, within: Path = []): string {
  const told = issues.slice(0, MOST_TOLD).map((issue) => tell(issue, within))
  const more = issues.length - told.length
  return [...told, ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

function tell(issue: Issue, above: Path): string {
  const path = [...above, ...issue.path]
  const nested = nestedIssue(issue)
  if (nested !== undefined) return tell(nested, path)
  const received = receivedBy(issue)
  const sentence = `expected ${expectedBy(issue)}${received === undefined ? '' : `, received ${received}`}`
  return path.length === 0 ? sentence : `${path.map(String).join('.')}: ${sentence}`
}

/** Of a union's alternatives the one that was meant: it took the value, but not a part of it. */
function nestedIssue(issue: Issue): Issue | undefined {
  if (issue.code === 'invalid_key' || issue.code === 'invalid_element') return issue.issues[0]
  if (issue.code !== 'invalid_union') return undefined
  return issue.errors.find(([first]) => first !== undefined && !isOfWhole(first))?.[0]
}

const isOfWhole = ({ code, path }: Issue): boolean =>
  path.length === 0 && (code === 'invalid_type' || code === 'invalid_value')

function receivedBy(issue: Issue): string | undefined {
  if (issue.code === 'unrecognized_keys') return issue.keys.map(shown).join(', ')
  if (!('input' in issue)) return undefined
  const { input } = issue
  if (issue.code === 'invalid_union' && 'discriminator' in issue && isRecord(input)) {
    return shown(input[issue.discriminator as string])
  }
  return shown(input)
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const TYPES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a string',
  boolean: 'true or false',
  array: 'an array',
  tuple: 'an array',
  object: 'an object',
  record: 'an object',
  undefined: 'nothing',
  never: 'nothing',
}

function expectedBy(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? issue.expected
    case 'invalid_value':
      return formatAlternatives(issue.values.map((value) => shown(value)))
    case 'too_small':
      return bound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)
    case 'too_big':
      return bound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)
    case 'invalid_format':
      return issue.pattern === undefined ? `the form ${issue.format}` : `text that matches ${issue.pattern}`
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`
    case 'unrecognized_keys':
      return 'no other keys'
    case 'invalid_union':
      return unionOf(issue)
    // What a schema's own refinement says.
    default:
      return issue.message.replace(/^expected /, '')
  }
}

const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' items' }

function bound(origin: string, relation: string, limit: number | bigint): string {
  const length = origin === 'string' || origin === 'array'
  return `${length ? 'with ' : ''}${relation} ${limit}${UNITS[origin] ?? ''}`
}

function unionOf(issue: z.core.$ZodIssueInvalidUnion): string {
  if ('options' in issue && issue.options) return formatAlternatives(issue.options.map((one) => shown(one)))
  const alternatives = issue.errors.flatMap(([first]) => (first === undefined ? [] : [expectedBy(first)]))
  return formatAlternatives([...new Set(alternatives)]) || 'another value'
}
