// A contestant in a process of its own: one JSON request a line on its stdin, one JSON answer a line on its stdout.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** No request takes this long. */
const TIMEOUT_MS = 180_000

export class Child {
  #process
  #lines
  #errors = ''

  constructor(command, args, env) {
    this.#process = spawn(command, args, { env: { ...process.env, ...env }, stdio: 'pipe' })
    this.#process.stderr.setEncoding('utf8').on('data', (text) => {
      this.#errors = (this.#errors + text).slice(-4000)
    })
    // Writing to a process that has just died; its silence is reported by `ask`.
    this.#process.stdin.on('error', () => {})
    this.#process.on('error', (error) => {
      this.#errors += error.message
    })
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]()
  }

  /** The answer; throws what the contestant says went wrong, or that it died. */
  async ask(verb, request = {}) {
    this.#process.stdin.write(`${JSON.stringify({ do: verb, ...request })}\n`)
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), TIMEOUT_MS)
    try {
      while (true) {
        const { value, done } = await this.#lines.next()
        if (done) throw new Error(tellingLine(this.#errors) ?? 'its process ended without a word')
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

  /** The largest resident set so far in bytes, or null where the system does not tell. */
  peakMemory() {
    try {
      const status = readFileSync(`/proc/${this.#process.pid}/status`, 'utf8')
      const [, kibibytes] = /^VmHWM:\s*(\d+) kB$/m.exec(status)
      return Number(kibibytes) * 1024
    } catch {
      return null
    }
  }

  async stop() {
    const { exitCode, signalCode } = this.#process
    if (exitCode !== null || signalCode !== null) return
    const ended = new Promise((resolve) => this.#process.once('exit', resolve))
    this.#process.kill('SIGKILL')
    await ended
  }
}

function tellingLine(text) {
  const lines = text.split('\n').filter((line) => line.trim())
  return lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1)
}
