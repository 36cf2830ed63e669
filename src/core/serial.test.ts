import { expect, it } from 'vitest'
import { Serial } from './serial.js'

const turnOfTheLoop = () => new Promise((resolve) => setImmediate(resolve))

it('does one task at a time, in their order, and goes on after one that failed', async () => {
  const serial = new Serial()
  const told: string[] = []
  const task = (name: string) => async () => {
    told.push(`${name} begins`)
    await turnOfTheLoop()
    if (name === 'b') throw new Error('b fails')
    told.push(`${name} ends`)
    return name
  }
  const [a, b, c] = ['a', 'b', 'c'].map((name) => serial.run(task(name)))
  await expect(b).rejects.toThrow('b fails')
  expect([await a, await c]).toEqual(['a', 'c'])
  expect(told).toEqual(['a begins', 'a ends', 'b begins', 'c begins', 'c ends'])
})

it('never begins a task that was given up before its turn', async () => {
  const serial = new Serial()
  const controller = new AbortController()
  let begun = false
  const first = serial.run(turnOfTheLoop)
  const second = serial.run(async () => {
    begun = true
  }, controller.signal)
  controller.abort(new Error('given up'))
  await expect(second).rejects.toThrow('given up')
  await first
  expect(begun).toBe(false)
  expect(await serial.run(async () => 'next')).toBe('next')
})
