/** The server as people start it: the built command line, on a real socket. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** What a condition may take on a slow machine: a server's trainings give way to whatever else runs. */
const PATIENCE_MS = 150_000

export interface RunningServer {
  /** Without a slash at its end. */
  readonly url: string
  /** The page that it told people to open. */
  readonly page: string
  readonly port: number
  readonly process: ChildProcess
  /** What it wrote to stderr. */
  readonly log: () => string
  /** Sends a signal and waits for the end; the exit code, null after SIGKILL. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

/** `atelier serve` on any free port. */
export async function startServer(...args: readonly string[]): Promise<RunningServer> {
  const child = spawn(process.execPath, [main, 'serve', '--port', '0', '--threads', '1', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close')
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (data: Buffer) => {
      texts[name] += data.toString()
    })
  }
  const address = /Atelier is at ((http:\/\/[^/]+:(\d+))\/\S*)\n/
  await until('the server listens', () => child.exitCode !== null || address.test(texts.stdout))
  const [, page, url, port] = address.exec(texts.stdout) ?? []
  if (page === undefined || url === undefined) throw new Error(`The server ended: ${texts.stderr}`)
  return {
    url,
    page,
    port: Number(port),
    process: child,
    log: () => texts.stderr,
    end: async (signal) => {
      child.kill(signal)
      await closed
      return child.exitCode
    },
  }
}

/** Waits for a condition; what it gives when it is truthy. */
export async function until<T>(what: string, condition: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (const began = performance.now(); performance.now() - began < PATIENCE_MS; await wait(20)) {
    const value = await condition()
    if (value) return value
  }
  throw new Error(`Waited in vain until ${what}`)
}

/** Sends bytes as they are; all that comes back until the server closes the connection, or a condition holds. */
export async function exchange(
  port: number,
  bytes: string | Buffer,
  enough: (text: string) => boolean = () => false,
): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  let closed = false
  socket.on('data', (data: Buffer) => {
    text += data.toString('latin1')
  })
  // The server may close while there is more to send.
  socket.on('error', () => undefined)
  socket.once('close', () => {
    closed = true
  })
  socket.write(bytes)
  try {
    await until('the server answers', () => closed || enough(text))
    return text
  } finally {
    socket.destroy()
  }
}

export interface ServerEvent {
  readonly name: string
  readonly data: unknown
}

/** A browser's EventSource, in short. */
export class EventStream {
  readonly events: ServerEvent[] = []
  ended = false

  private constructor(readonly response: IncomingMessage) {
    let text = ''
    response.setEncoding('utf8')
    response.on('data', (data: string) => {
      const blocks = (text + data).split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) this.take(block)
    })
    const onEnd = (): void => {
      this.ended = true
    }
    response.on('error', onEnd).on('close', onEnd)
  }

  static open(url: string): Promise<EventStream> {
    return new Promise((resolve, reject) => {
      get(url, (response) => resolve(new EventStream(response))).on('error', reject)
    })
  }

  /** The data of the first event from a place on that fits. */
  find<T>(name: string, fits: (data: T) => boolean = () => true, from = 0): Promise<T> {
    return until(`there is an event ${name}`, () => {
      const found = this.events.slice(from).find((event) => event.name === name && fits(event.data as T))
      return found && ({ data: found.data } as { data: T })
    }).then(({ data }) => data)
  }

  /** The data of the last event of that name. */
  last<T>(name: string): T | undefined {
    return this.events.findLast((event) => event.name === name)?.data as T | undefined
  }

  close(): void {
    this.response.destroy()
  }

  private take(block: string): void {
    const [, name] = /^event: (.*)$/m.exec(block) ?? []
    const [, data] = /^data: (.*)$/m.exec(block) ?? []
    if (name !== undefined && data !== undefined) this.events.push({ name, data: JSON.parse(data) })
  }
}
