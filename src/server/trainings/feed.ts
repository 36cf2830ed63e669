/** Server-sent events about trainings, for everyone who follows. */

import type { ServerResponse } from 'node:http'
import { Serial } from '../../core/serial.js'
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
  /** What it was told last: each event waits for the one before. */
  readonly told: Serial
}

type Event = readonly [Name, unknown]

/** Makes of an event the one that a follower gets; null: none. */
export type Choose = (name: Name, data: unknown) => Promise<Event | null>

export class Feed {
  private readonly followers = new Set<Follower>()
  private readonly pulse = setInterval(() => this.write(': still here\n\n'), PULSE).unref()
  private sent = 0
  private count = 0
  private closed = false

  /**
   * Sends the first event, the state as it is, and then those to come, until the client goes. The response has its
   * headers. What happens while the state is read is sent after it.
   */
  follow(response: ServerResponse, first: () => Promise<Event>, choose: Choose): void {
    const follower: Follower = { response, choose, told: new Serial() }
    response.once('close', () => this.followers.delete(follower))
    // A browser that lost the connection comes back after so many milliseconds, and gets the state as it is then.
    response.write('retry: 1000\n\n')
    this.tell(follower, first)
    if (this.closed) this.end(follower)
    else this.followers.add(follower)
  }

  send<N extends Name>(name: N, data: TrainingEvents[N]): void {
    for (const follower of this.followers) this.tell(follower, () => follower.choose(name, data))
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
    for (const follower of this.followers) this.end(follower)
  }

  private tell(follower: Follower, choose: () => Promise<Event | null>): void {
    void follower.told.run(async () => {
      const { response } = follower
      const chosen = await choose().catch(() => null)
      if (chosen === null || response.writableEnded || response.destroyed) return
      response.write(this.format(...chosen))
      if (response.writableLength > MOST_UNREAD) response.destroy()
    })
  }

  private end({ response, told }: Follower): void {
    void told.run(async () => response.end())
  }

  private write(text: string): void {
    for (const { response } of this.followers) response.write(text)
  }

  private format(name: Name, data: unknown): string {
    return `id: ${++this.count}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`
  }
}
