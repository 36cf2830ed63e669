import { describe, expect, it } from 'vitest'
import { bareApp } from '../../../test/support/app.js'
import { type GuardOptions, guard } from './guard.js'

/** A server of two routes behind the guard. */
function guarded(options: Partial<GuardOptions>) {
  const app = bareApp()
  guard(app, { host: '127.0.0.1', names: [], token: null, ...options })
  app.get('/', async () => 'page')
  app.get('/models/:id', async () => 'page')
  app.post('/', async () => 'done')
  return app
}

describe('a page whose origin', () => {
  const app = guarded({ names: ['atelier.example.org'] })
  const post = async (host: string, origin: string, more = {}) =>
    (await app.inject({ method: 'POST', url: '/', headers: { host, origin, ...more } })).statusCode

  it.each([
    ['127.0.0.1:8092', 'https://atelier.example.org'],
    ['127.0.0.1:8092', 'https://Atelier.example.org:8443'],
    ['atelier.example.org', 'https://atelier.example.org:8443'],
    ['atelier.example.org:8443', 'https://atelier.example.org:8443'],
    ['atelier.example.org', 'http://atelier.example.org'],
    ['localhost:8080', 'http://localhost:8080'],
  ])('behind a proxy is ours changes things: Host %s, Origin %s', async (host, origin) => {
    expect(await post(host, origin, { 'sec-fetch-site': 'same-origin' })).toBe(200)
  })

  it.each([
    ['127.0.0.1:8092', 'https://evil.example'],
    ['127.0.0.1:8092', 'https://atelier.example.org.evil.example'],
    ['127.0.0.1:8092', 'https://evil.example/atelier.example.org'],
    ['127.0.0.1:8092', 'https://atelier.example.org@evil.example'],
    ['127.0.0.1:8092', 'null'],
    ['127.0.0.1:8092', 'http://127.0.0.1:9999'],
    ['localhost:8080', 'http://localhost:9999'],
    ['atelier.example.org', 'ftp://atelier.example.org'],
  ])('is another changes nothing: Host %s, Origin %s', async (host, origin) => {
    expect(await post(host, origin)).toBe(403)
  })

  it('is ours changes nothing where the browser says that the request comes from elsewhere', async () => {
    const site = { 'sec-fetch-site': 'cross-site' }
    expect(await post('atelier.example.org', 'https://atelier.example.org', site)).toBe(403)
  })
})

describe('a token', () => {
  const headers = { host: 'localhost' }
  const open = (token: string, url: string) => guarded({ token }).inject({ url, headers })

  it.each(['abcdefgh+ijklmnop', 'abc&def#ghi%jkl mno', '100%25-abcdefghijkl', 'mật-khẩu-rất-dài'])(
    '%s opens a page by its percent-encoded form, and programs by a header',
    async (token) => {
      const opened = await open(token, `/?token=${encodeURIComponent(token)}`)
      expect([opened.statusCode, opened.headers.location]).toEqual([303, './'])
      const authorization = `Bearer ${Buffer.from(token).toString('latin1')}`
      const asked = await guarded({ token }).inject({ url: '/', headers: { ...headers, authorization } })
      expect(asked.statusCode).toBe(200)
    },
  )

  it.each([
    ['abcdefgh+ijklmnop', '/?token=abcdefgh+ijklmnop'],
    ['abcdefgh ijklmnop', '/?token=abcdefgh+ijklmnop'],
    ['abcdefgh%ijklmnop', '/?token=abcdefgh%ijklmnop'],
    ['abcdefgh?ijklmnop', '/?token=abcdefgh?ijklmnop'],
    ['abcdefgh%2Bijklmn', '/?token=abcdefgh%2Bijklmn'],
  ])('%s opens the page typed by hand as %s', async (token, url) => {
    expect((await open(token, url)).statusCode).toBe(303)
    expect((await open(`${token}!`, url)).statusCode).toBe(401)
  })

  it.each([
    ['/models/nn?token=T&why=a+b%26', './nn?why=a+b%26', 'http://localhost/atelier/models/nn?why=a+b%26'],
    ['/?a=1&token=T', './?a=1', 'http://localhost/atelier/?a=1'],
    ['//evil.example/nn?token=T', './nn', 'http://localhost/atelier//evil.example/nn'],
  ])('leaves the address of %s, below the same path', async (path, location, address) => {
    const token = 'abcdefghijklmnop'
    const opened = await open(token, path.replace('token=T', `token=${token}`))
    expect([opened.statusCode, opened.headers.location]).toEqual([303, location])
    expect(new URL(location, `http://localhost/atelier${path}`).href).toBe(address)
  })

  it('is kept beside that of another server on this host, at another port', async () => {
    const tokens = ['the-token-of-one-server', 'the-token-of-another']
    const opened = await Promise.all(tokens.map((token) => open(token, `/?token=${token}`)))
    const cookie = opened.map((one) => String(one.headers['set-cookie']).split(';')[0]).join('; ')
    expect(new Set(cookie.split(/=\w+(?:; )?/)).size).toBe(3)
    const status = async (token: string) =>
      (await guarded({ token }).inject({ url: '/', headers: { ...headers, cookie } })).statusCode
    expect(await Promise.all([...tokens, 'the-token-of-a-third'].map(status))).toEqual([200, 200, 401])
  })
})
