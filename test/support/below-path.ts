/** A reverse proxy that shows a server below a path, which it takes off before it asks. */
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Proxy {
  /** Where the server is shown, with a slash at the end. */
  readonly url: string
  /** What was asked for elsewhere. */
  readonly outside: readonly string[]
  close(): Promise<void>
}

export async function showBelow(path: string, server: string): Promise<Proxy> {
  const outside: string[] = []
  const proxy = createServer((asked, answer) => {
    const { url = '', method, headers } = asked
    if (!url.startsWith(path)) {
      outside.push(url)
      answer.writeHead(404).end()
      return
    }
    const sent = request(`${server}/${url.slice(path.length)}`, {
      method,
      headers: { ...headers, host: new URL(server).host },
    })
    sent.on('response', (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers)
      got.pipe(answer)
    })
    sent.on('error', () => answer.destroy())
    answer.on('close', () => sent.destroy())
    asked.pipe(sent)
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  const { port } = proxy.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${path}`,
    outside,
    close: async () => {
      proxy.close()
      proxy.closeAllConnections()
    },
  }
}
