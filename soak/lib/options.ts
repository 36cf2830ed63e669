/** The command line of the soak. */
import { parseArgs } from 'node:util'
import type { Row } from './row.js'

export interface Options {
  /** In the order of the table. */
  readonly rows: readonly Row[]
  /** Undefined: each row's own. */
  readonly rounds: number | undefined
  readonly seed: number
  readonly write: boolean
}

export class UsageError extends Error {}

const help = (rows: readonly Row[]) => `Usage: npm run soak -- [ROW...] [options]

Tries again and again what must never go wrong, and counts. docs/reliability.md says what was found.

Rows (all of them, unless some are named):
${rows.map(({ name, rounds, unit }) => `  ${name.padEnd(14)} ${rounds} ${unit}`).join('\n')}

  --rounds N   so many of each, instead of the above
  --seed N     of what is drawn (default: 1)
  --write      put what was found into docs/reliability.md
  --help       this text
`

/** What was asked for; null when it was only the help, which has been printed then. */
export function readOptions(args: readonly string[], rows: readonly Row[]): Options | null {
  const { values, positionals } = parse(args)
  if (values.help) {
    process.stdout.write(help(rows))
    return null
  }
  const names = rows.map(({ name }) => name)
  const unknown = positionals.find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new UsageError(`row: expected names out of ${names.join(', ')}, received ${unknown}`)
  return {
    rows: rows.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
    rounds: wholeNumber('--rounds', values.rounds),
    seed: wholeNumber('--seed', values.seed) ?? 1,
    write: values.write,
  }
}

function parse(args: readonly string[]) {
  const [flag, text] = [{ type: 'boolean', default: false } as const, { type: 'string' } as const]
  const options = { rounds: text, seed: text, write: flag, help: flag }
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}. See npm run soak -- --help`)
  }
}

function wholeNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new UsageError(`${flag}: expected a whole number from 1 to 999999999, received ${text}`)
  return Number(text)
}
