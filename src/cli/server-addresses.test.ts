import type { NetworkInterfaceInfo } from 'node:os'
import { describe, expect, it } from 'vitest'
import { serverAddresses } from './server-addresses.js'

const address = (family: 'IPv4' | 'IPv6', text: string, internal = false) =>
  ({ family, address: text, internal }) as NetworkInterfaceInfo

const interfaces = {
  lo: [address('IPv4', '127.0.0.1', true), address('IPv6', '::1', true)],
  eth0: [address('IPv4', '192.0.2.7'), address('IPv6', '2001:db8::7'), address('IPv6', 'fe80::7')],
}

const of = (host: string, token: string | null = null, bound = host) =>
  serverAddresses({ host, address: bound, port: 8080 }, token, interfaces)

describe('the addresses of a server', () => {
  it.each([
    ['127.0.0.1', 'http://127.0.0.1:8080/'],
    ['localhost', 'http://localhost:8080/'],
    ['::1', 'http://[::1]:8080/'],
    ['fe80::7%eth0', 'http://[fe80::7%25eth0]:8080/'],
  ])('that listens on %s', (host, here) => {
    expect(of(host)).toEqual({ here, elsewhere: [] })
  })

  it('that listens on all are those that open, here and elsewhere', () => {
    expect(of('0.0.0.0')).toEqual({
      here: 'http://127.0.0.1:8080/',
      elsewhere: ['http://192.0.2.7:8080/'],
    })
    expect(of('::0', null, '::')).toEqual({
      here: 'http://[::1]:8080/',
      elsewhere: ['http://192.0.2.7:8080/', 'http://[2001:db8::7]:8080/'],
    })
  })

  it.each(['abcdefgh+ijklmnop', 'a&b#c%d=e?f/g h', "it's (a) token!*~.", 'mật khẩu rất dài'])(
    'hold the token %s whole, in characters that terminals take for a part of them',
    (token) => {
      const { here } = of('0.0.0.0', token)
      expect(new URL(here).searchParams.get('token')).toBe(token)
      expect(here).toMatch(/\?token=[\w%-]+$/)
    },
  )
})
