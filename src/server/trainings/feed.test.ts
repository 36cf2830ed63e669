import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Choose, Feed } from './feed.js'

afterEach(() => {
  vi.useRealTimers()
})

/** A client's end of a response, as far as a feed sees it. */
class Client extends EventEmitter {
  text = ''
  writableEnded = false
  destroyed = false
  writableLength = 0

  write(text: string): void {
    if (this.writableEnded || this.destroyed) throw new Error('written after its end')
    this.text += text
  }
  end(): void {
    this.writableEnded = true
    this.emit('close')
  }
  destroy(): void {
    this.destroyed = true
    this.emit('close')
  }

  /** Names and data of its events. */
  get events(): [string, unknown][] {
    return [...this.text.matchAll(/event: (.*)\ndata: (.*)\n\n/g)].map(([, name = '', data = '']) => [
      name,
      JSON.parse(data),
    ])
  }
}

const everything: Choose = async (name, data) => [name, data]
const none = { trainings: [] }
const first = async () => ['trainings', none] as const
const progressOf = (step: number) =>
  ({
    id: 'a',
    progress: {
      ...{ epoch: 1, epochs: 2, step, steps: 9 },
      ...{ loss: 1, accuracy: 0.5, imagesPerSecond: 1, secondsLeft: 1 },
    },
  }) as const

function follow(feed: Feed, choose = everything, begin: Parameters<Feed['follow']>[1] = first): Client {
  const client = new Client()
  feed.follow(client as unknown as ServerResponse, begin, choose)
  return client
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('a feed', () => {
  it('tells everyone the state, then what happens, with numbers that grow', async () => {
    const feed = new Feed()
    const clients = [follow(feed), follow(feed)]
    feed.send('progress', progressOf(3))
    await settled()
    for (const { events, text } of clients) {
      expect(events).toEqual([
        ['trainings', none],
        ['progress', progressOf(3)],
      ])
      expect(text).toMatch(/^retry: \d+\n\nid: /)
      const ids = [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))
      expect(ids).toEqual([...ids].sort((a, b) => a - b))
    }
    feed.close()
  })

  it('keeps the order, however long a state takes to read', async () => {
    const feed = new Feed()
    let finish: () => void = () => {}
    const slow = new Promise<void>((resolve) => {
      finish = resolve
    })
    const client = follow(feed, everything, async () => {
      await slow
      return ['trainings', none]
    })
    feed.send('progress', progressOf(1))
    await settled()
    expect(client.events).toEqual([])
    finish()
    await settled()
    expect(client.events.map(([name]) => name)).toEqual(['trainings', 'progress'])
    feed.close()
  })

  it('leaves out what a follower does not choose, or cannot have', async () => {
    const feed = new Feed()
    const picky = follow(feed, async (name, data) => (name === 'epoch' ? null : [name, data]))
    const failing = follow(feed, async () => {
      throw new Error('no such training any more')
    })
    feed.send('epoch', { id: 'a', epoch: { epoch: 1 } as never })
    feed.send('progress', progressOf(1))
    await settled()
    expect(picky.events.map(([name]) => name)).toEqual(['trainings', 'progress'])
    expect(failing.events.map(([name]) => name)).toEqual(['trainings'])
    feed.close()
  })

  it('tells only some of what happens often', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const feed = new Feed()
    const client = follow(feed)
    vi.advanceTimersByTime(1000)
    for (let step = 1; step <= 100; step++) {
      feed.sendSometimes('progress', progressOf(step))
      vi.advanceTimersByTime(10)
    }
    await settled()
    expect(client.events.length - 1).toBe(4)
    feed.close()
  })

  it('forgets who went, and gives up who does not read', async () => {
    const feed = new Feed()
    const [gone, deaf, good] = [follow(feed), follow(feed), follow(feed)]
    await settled()
    gone.emit('close')
    deaf.writableLength = 2 ** 20 + 1
    feed.send('progress', progressOf(1))
    await settled()
    expect(deaf.destroyed).toBe(true)
    feed.send('progress', progressOf(2))
    await settled()
    expect(gone.events.length).toBe(1)
    expect(good.events.length).toBe(3)
    feed.close()
  })

  it('shows that it lives where nothing happens', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] })
    const feed = new Feed()
    const client = follow(feed)
    vi.advanceTimersByTime(31_000)
    expect(client.text.match(/^: /gm)?.length).toBe(2)
    feed.close()
  })

  it('ends what it tells when it is closed, after what was said before', async () => {
    const feed = new Feed()
    const before = follow(feed)
    feed.send('progress', progressOf(1))
    feed.close()
    const after = follow(feed)
    await settled()
    expect(before.events.map(([name]) => name)).toEqual(['trainings', 'progress'])
    expect(after.events.map(([name]) => name)).toEqual(['trainings'])
    expect([before.writableEnded, after.writableEnded]).toEqual([true, true])
  })
})
