import { expect, it } from 'vitest'
import { Secret } from './secret.js'

it('the cookies of many servers on one host stay few: the oldest end', () => {
  const kept = new Map<string, string>()
  const header = () => Array.from(kept, ([name, value]) => `${name}=${value}`).join('; ')
  const secrets = Array.from({ length: 30 }, (_, i) => new Secret(`token-number-${i}`))
  kept.set('of-another-program', '1')
  for (const secret of secrets) {
    for (const cookie of secret.cookies(header())) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*);/.exec(cookie) ?? []
      if (cookie.includes('Max-Age=0')) kept.delete(name)
      else kept.set(name, value)
    }
  }
  expect(secrets.map((secret) => secret.isKeptIn(header()))).toEqual(secrets.map((_, i) => i >= 14))
  expect([...kept.keys()][0]).toBe('of-another-program')
})
