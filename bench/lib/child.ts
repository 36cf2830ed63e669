/** A contestant in a process of its own: one JSON request a line on its stdin, one JSON answer a line on its stdout. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** No request takes longer, unless told. */
const TIMEOUT_SECONDS = 300

/** Characters of what a process prints that are kept: the trace of a failure, the longest of which have thousands. */
const LAST_WORDS = 64_000

/** An undefined variable is taken out of what this process hands on. */
export type Environment = Readonly<Record<string, string | undefined>>

export class Child {
  private readonly process: ChildProcessWithoutNullStreams
  private readonly lines: AsyncIterator<string>
  private errors = ''
  private timedOut = false

  constructor(command: string, args: readonly string[], env: Environment = {}) {
    this.process = spawn(command, args, { env: { ...process.env, ...env }, stdio: 'pipe' })
    this.process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.errors = (this.errors + text).slice(-LAST_WORDS)
    })
    // Writing to a process that has just died; its silence is reported by `ask`.
    this.process.stdin.on('error', () => {})
    this.process.on('error', (error) => {
      this.errors += error.message
    })
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]()
  }

  /** The answer; throws what the contestant says went wrong, or how its process ended. */
  async ask<Answer>(verb: string, request: object = {}, seconds = TIMEOUT_SECONDS): Promise<Answer> {
    this.process.stdin.write(`${JSON.stringify({ do: verb, ...request })}\n`)
    const timer = setTimeout(() => {
      this.timedOut = true
      this.process.kill('SIGKILL')
    }, 1000 * seconds)
    try {
      while (true) {
        const { value, done } = await this.lines.next()
        if (done) throw new Error(await this.lastWords(`no answer to ${verb} in ${seconds} s`))
        // Libraries print greetings to stdout.
        if (!value.startsWith('{')) continue
        const answer = JSON.parse(value)
        if (answer.error) throw new Error(answer.error)
        return answer
      }
    } finally {
      clearTimeout(timer)
    }
  }

  /** Why the process ended: the error that it printed last, or the signal. */
  private async lastWords(late: string): Promise<string> {
    const signal = await this.ended()
    if (this.timedOut) return late
    const told = lastError(this.errors)
    if (told) return told
    return signal ? `its process was ended by ${signal}` : 'its process ended without a word'
  }

  /** The signal that ended the process, once it has ended. */
  private async ended(): Promise<string | null> {
    if (this.alive && this.process.pid !== undefined) {
      await new Promise((resolve) => this.process.once('close', resolve))
    }
    return this.process.signalCode
  }

  get alive(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null
  }

  /** The largest resident set so far in bytes, or null where the system does not tell. */
  peakMemory(): number | null {
    try {
      const status = readFileSync(`/proc/${this.process.pid}/status`, 'utf8')
      const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]
      return kibibytes === undefined ? null : Number(kibibytes) * 1024
    } catch {
      return null
    }
  }

  async stop(): Promise<void> {
    this.process.kill('SIGKILL')
    await this.ended()
  }
}

/**
 * The line of what a process printed last that says why it ended: a traceback of Python ends in it, and Node puts it
 * above the stack. Warnings before it say nothing of it, and rules such as ===== nothing at all.
 */
export function lastError(text: string): string | undefined {
  const lines = text.split('\n').filter((line) => /\p{Letter}/u.test(line))
  const named = lines.findLast((line) => /^(\w+\.)*\w*(Error|Exception|Interrupt)\b/.test(line))
  return named ?? lines.findLast((line) => !/^(\s|Node\.js v)/.test(line)) ?? lines.at(-1)
}
