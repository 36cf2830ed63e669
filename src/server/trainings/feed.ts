/** Server-sent events about trainings, for everyone who follows. */
import type { ServerResponse } from 'node:http'
import type { TrainingEvents } from '../schemas/trainings.js'

type Name = keyof TrainingEvents

/** Milliseconds between two events that may be left out, and between signs of life. */
const PACE = 250
const PULSE = 15_000
/** Bytes that a client may leave unread before it is given up. */
const MOST_UNREAD = 2 ** 20

interface Follower {
  readonly response: ServerResponse
  /** Which events it gets, and as what. */
  readonly choose: Choose
}

/** Makes of an event the one that a follower gets; null: none. */
export type Choose = (name: Name, data: unknown) => Promise<readonly [Name, unknown] | null>

export class Feed {
  private readonly followers = new Set<Follower>()
  private readonly pulse = setInterval(() => this.write(': still here\n\n'), PULSE).unref()
  private sent = 0
  private count = 0
  private closed = false

  /** Sends the first event and then those to come, until the client goes. The response has its headers. */
  async follow(response: ServerResponse, first: readonly [Name, unknown], choose: Choose): Promise<void> {
    const follower = { response, choose }
    response.once('close', () => this.followers.delete(follower))
    // A browser that lost the connection comes back after so many milliseconds, and gets the state as it is then.
    response.write(`retry: 1000\n\n${this.format(...first)}`)
    if (this.closed) response.end()
    else this.followers.add(follower)
  }

  send<N extends Name>(name: N, data: TrainingEvents[N]): void {
    for (const follower of this.followers) void this.tell(follower, name, data)
  }

  /** As `send`, but of many in a short time only some. */
  sendSometimes<N extends Name>(name: N, data: TrainingEvents[N]): void {
    const now = performance.now()
    if (now - this.sent < PACE) return
    this.sent = now
    this.send(name, data)
  }

  close(): void {
    this.closed = true
    clearInterval(this.pulse)
    for (const { response } of this.followers) response.end()
  }

  private async tell({ response, choose }: Follower, name: Name, data: unknown): Promise<void> {
    const chosen = await choose(name, data).catch(() => null)
    if (chosen === null || response.writableEnded) return
    response.write(this.format(...chosen))
    if (response.writableLength > MOST_UNREAD) response.destroy()
  }

  private write(text: string): void {
    for (const { response } of this.followers) response.write(text)
  }

  private format(name: Name, data: unknown): string {
    return `id: ${++this.count}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`
  }
}
