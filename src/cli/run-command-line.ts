/** Runs a command line to its exit code: results on stdout, all else on stderr. */
import { type Command, CommanderError } from 'commander'
import { AtelierError, messageOf } from '../core/errors.js'

/** Exit codes: 0 done, 1 failed, 2 wrong usage. */
export async function run(program: Command, argv: readonly string[]): Promise<number> {
  try {
    await program.parseAsync(argv)
    return 0
  } catch (error) {
    // Commander has printed its own message, the help or the version by now.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    report(error, program.opts<{ debug?: boolean }>().debug === true)
    return error instanceof AtelierError ? error.exitCode : 1
  }
}

function report(error: unknown, debug: boolean): void {
  // A progress bar may stand on the line.
  const clear = process.stderr.isTTY ? '\r\x1b[K' : ''
  process.stderr.write(`${clear}${explain(error, debug)}\n`)
}

/** What is printed of an error: an AtelierError's message says what to do; another one is a defect. */
export function explain(error: unknown, debug: boolean): string {
  if (debug) return error instanceof Error ? stackOf(error) : String(error)
  if (error instanceof AtelierError) return error.message
  return `Unexpected: ${messageOf(error)}. Run with --debug for the stack`
}

function stackOf(error: Error): string {
  const stack = error.stack ?? String(error)
  return error.cause instanceof Error ? `${stack}\nCaused by: ${stackOf(error.cause)}` : stack
}

/**
 * A reader that closes the pipe of the results (`atelier plan cnn | head`) has seen enough: no error. Of what is told
 * on the way none has to be there: a training goes on without.
 */
export function endQuietlyOnBrokenPipe(results: NodeJS.WriteStream, notes: NodeJS.WriteStream): void {
  const onBrokenPipe = (stream: NodeJS.WriteStream, then: () => void) =>
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      then()
    })
  onBrokenPipe(results, () => process.exit())
  onBrokenPipe(notes, () => {})
}
