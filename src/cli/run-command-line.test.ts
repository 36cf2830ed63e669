import { EventEmitter } from 'node:events'
import { Command } from 'commander'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { atelier } from '../../test/support/command-line.js'
import { AtelierError } from '../core/errors.js'
import { atelierVersion } from '../core/version.js'
import { endQuietlyOnBrokenPipe, explain, run } from './run-command-line.js'

afterEach(() => {
  vi.restoreAllMocks()
})

describe('a command line', () => {
  it.each([
    ['--help', /^Usage: atelier \[options\] \[command\]/],
    ['--version', new RegExp(`^${atelierVersion()}\n$`)],
  ])('that asks for %s ends with 0', async (flag, printed) => {
    expect(await atelier(flag)).toEqual({ code: 0, stdout: expect.stringMatching(printed), stderr: '' })
  })

  it.each<[string[], RegExp]>([
    [[], /^Usage: atelier/],
    [['sumary'], /^Unknown command 'sumary'\n\(Did you mean summary\?\)\nRun it with --help/],
    [['summary'], /^Missing required argument 'model'\n/],
    [['summary', 'nn', '--jsn'], /^Unknown option '--jsn'\n\(Did you mean --json\?\)/],
    [['plan', 'nn', '--batch', 'zero'], /^--batch: expected a whole number of at least 1, received zero\n$/],
    [['summary', 'nnn'], /^Model: expected nn, .* or .* received nnn\. Did you mean nn\?\n$/],
  ])('of wrong usage (%j) ends with 2 and says what is right', async (args, message) => {
    expect(await atelier(...args)).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(message) })
  })

  it('prints stacks with --debug, before or after the command', async () => {
    for (const args of [
      ['--debug', 'summary', 'nnn'],
      ['summary', 'nnn', '--debug'],
    ]) {
      expect((await atelier(...args)).stderr).toMatch(/^UsageError: Model: .*\n\s+at /)
    }
  })

  it.each(['data', 'summary', 'plan', 'train', 'evaluate', 'reproduce', 'doctor'])(
    'knows %s, with its options',
    async (command) => {
      const { code, stdout } = await atelier(command, '--help')
      expect(code).toBe(0)
      expect(stdout).toMatch(new RegExp(`^Usage: atelier ${command} .*\n\n\\w.+\n`))
    },
  )
})

describe('errors', () => {
  const failing = (error: unknown) =>
    new Command('x').exitOverride().action(() => {
      throw error
    })

  it('of Atelier are their message, others a line that says how to learn more', async () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    expect(await run(failing(new AtelierError('no disk')), ['node', 'x'])).toBe(1)
    expect(write).toHaveBeenLastCalledWith('no disk\n')
    expect(await run(failing(new TypeError('x is null')), ['node', 'x'])).toBe(1)
    expect(write).toHaveBeenLastCalledWith('Unexpected: x is null. Run with --debug for the stack\n')
  })

  it('show their causes in a debug stack', () => {
    const error = new AtelierError('outer', { cause: new Error('inner') })
    expect(explain(error, true)).toMatch(/^AtelierError: outer\n.*\nCaused by: Error: inner\n/s)
  })
})

describe('a broken pipe', () => {
  const brokenPipe = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
  const stream = () => new EventEmitter() as unknown as NodeJS.WriteStream

  it('ends the process without a word', () => {
    const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never)
    const [stdout, stderr] = [stream(), stream()]
    endQuietlyOnBrokenPipe(stdout, stderr)
    stderr.emit('error', brokenPipe)
    expect(exit, 'a training goes on without who reads its progress').not.toHaveBeenCalled()
    stdout.emit('error', brokenPipe)
    expect(exit).toHaveBeenCalledWith()
  })

  it('is not any other error', () => {
    const [stdout, stderr] = [stream(), stream()]
    endQuietlyOnBrokenPipe(stdout, stderr)
    expect(() => stdout.emit('error', new Error('other'))).toThrow('other')
    expect(() => stderr.emit('error', new Error('another'))).toThrow('another')
  })
})
