import { describe, expect, it } from 'vitest'
import { createProgram } from '../program.js'

const serve = (...args: readonly string[]) => createProgram().parseAsync(['serve', ...args], { from: 'user' })

describe('atelier serve', () => {
  it.each([
    'https://atelier.example.org',
    'atelier.example.org:8443',
    'atelier.example.org/atelier',
    '::1',
    '',
  ])('refuses the name %j, by which no browser asks', async (name) => {
    const expected = `--allow-host: expected a name without scheme, port and path, such as atelier.example.org, received ${name || 'nothing'}.`
    await expect(serve('--allow-host', name)).rejects.toThrow(expected)
  })

  it.each([' abcdefghijklmnop', 'abcdefghijklmnop ', 'abcdefgh\nijklmnop', 'abcdefgh\u0000ijklmnop'])(
    'refuses the token %j, which no header holds',
    async (token) => {
      const expected = '--token: expected a text without control characters, and without blanks at its ends'
      await expect(serve('--token', token)).rejects.toThrow(expected)
    },
  )
})
