/** Flags that commands share, and how the values of flags are read and refused. */

import { type Command, Option } from 'commander'
import { mismatch, UsageError } from '../core/errors.js'
import { formatAlternatives } from '../core/format.js'
import { commandName } from '../core/shell.js'
import { closest } from '../core/suggest.js'
import { type EngineName, engineNames } from '../engine/names.js'
import { modelNames } from '../models/names.js'
import { weightsOfRun } from '../runs/which-weights.js'

type Parser<T> = (text: string) => T

/** A whole number of at least `min` and, where given, at most `max`. */
export function wholeNumber(flag: string, { min = 1, max = Number.MAX_SAFE_INTEGER } = {}): Parser<number> {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`
  return (text) => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN
    if (Number.isSafeInteger(value) && value >= min && value <= max) return value
    throw new UsageError(mismatch(flag, `a whole number ${range}`, shown(text)))
  }
}

export interface Bounds {
  /** The value itself is allowed. */
  readonly min?: number
  readonly max?: number
  /** The value itself is not allowed. */
  readonly above?: number
  readonly below?: number
}

/** A decimal number within bounds; `1e-3` is one too. */
export function realNumber(flag: string, bounds: Bounds = {}): Parser<number> {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = bounds
  const { above = Number.NEGATIVE_INFINITY, below = Number.POSITIVE_INFINITY } = bounds
  const words = { min: 'at least', above: 'above', max: 'at most', below: 'below' } as const
  const ranges = (['min', 'above', 'max', 'below'] as const)
    .filter((bound) => bounds[bound] !== undefined)
    .map((bound) => `${words[bound]} ${bounds[bound]}`)
  const expected = ['a number', ranges.join(' and ')].join(' ').trim()
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text)
    if (Number.isFinite(value) && value >= min && value <= max && value > above && value < below) return value
    throw new UsageError(mismatch(flag, expected, shown(text)))
  }
}

/** One of the names. */
export function choice<T extends string>(flag: string, names: readonly T[]): Parser<T> {
  return (text) => {
    const found = names.find((name) => name === text)
    if (found !== undefined) return found
    const near = closest(text, names)
    const hint = near && `Did you mean ${near}?`
    throw new UsageError(mismatch(flag, formatAlternatives(names), shown(text), hint))
  }
}

const shown = (text: string): string => (text.trim() === '' ? 'nothing' : text)

/** An option whose value the parser reads. */
export function option<T>(
  flags: string,
  description: string,
  parser: Parser<T>,
  defaultValue?: NoInfer<T>,
): Option {
  const built = new Option(flags, description).argParser(parser)
  return defaultValue === undefined ? built : built.default(defaultValue)
}

export const dataOption = (): Option =>
  new Option('--data <dir>', 'folder of the data set (default: that of a run, else search, then download)')

export const engineOption = (names: readonly EngineName[] = engineNames): Option =>
  option('--engine <name>', formatAlternatives(names), choice('--engine', names), 'auto')

export const threadsOption = (): Option =>
  option(
    '--threads <n>',
    'threads of the engine (default: one a core)',
    wholeNumber('--threads', { max: 1024 }),
  )

/** Precision of activations; `auto` is bf16 where the processor has it. */
export function precisionOption<T extends 'auto' | 'f32' | 'bf16'>(
  names: readonly T[],
  byDefault?: T,
): Option {
  return option(
    '--precision <name>',
    `precision of activations: ${formatAlternatives(names)}`,
    choice('--precision', names),
    byDefault,
  )
}

export const jsonOption = (): Option => new Option('--json', 'print JSON')

/** What `withResourceOptions` reads. */
export interface ResourceFlags {
  readonly data?: string
  readonly engine: EngineName
  readonly threads?: number
  readonly json?: boolean
}

/** Adds what every command takes that runs a model on the data: --data, --engine, --threads and --json. */
export function withResourceOptions(command: Command): Command {
  return command
    .addOption(dataOption())
    .addOption(engineOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
}

export const weightsOption = (): Option =>
  option(
    '--weights <name>',
    `of a run: ${formatAlternatives(weightsOfRun)}, the epoch that did best on the images held out`,
    choice('--weights', weightsOfRun),
    'final',
  )

/** The description of an argument that is a model, trained or not. */
export const modelArgument = `${modelNames.join(', ')}, or the path of a .ts, .js or .mjs file that exports a model`

/** The description of an argument that is a trained model. */
export const trainedArgument =
  `${modelNames.join(', ')}: the pretrained weights; ` +
  'or the folder of a finished run, such as runs/nn-quick-seed1'

/** Help text after the options: commands to try, by the name that the command has in the reader's shell. */
export function examples(...commands: readonly string[]): () => string {
  return () => {
    const name = commandName()
    const shown = commands.map((command) => `  $ ${command.replace(/^atelier/, () => name)}`)
    return `\nExamples:\n${shown.join('\n')}`
  }
}
