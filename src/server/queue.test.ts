import { describe, expect, it } from 'vitest'
import { HttpError } from './http/errors.js'
import { Queue } from './queue.js'

describe('a queue', () => {
  it('lets in up to its limit, and again once there is room', () => {
    const queue = new Queue(3, 'things')
    queue.enter(2)
    queue.enter(1)
    expect(queue.length).toBe(3)
    expect(() => queue.enter(1)).toThrow('Queue: expected at most 3 things, received more')
    expect(queue.length).toBe(3)
    queue.leave(2)
    queue.enter(2)
    expect(queue.length).toBe(3)
  })

  it('tells those who find no room when to come again', () => {
    const queue = new Queue(1, 'things')
    queue.enter(1)
    const refusal = (() => {
      try {
        return queue.enter(1)
      } catch (error) {
        return error
      }
    })()
    expect(refusal).toBeInstanceOf(HttpError)
    expect(refusal).toMatchObject({ statusCode: 503, retryAfter: 1 })
  })

  it('lets in what is larger than itself when nothing waits', () => {
    const queue = new Queue(2, 'things')
    queue.enter(5)
    expect(() => queue.enter(1)).toThrow()
    queue.leave(5)
    expect(queue.length).toBe(0)
  })
})
