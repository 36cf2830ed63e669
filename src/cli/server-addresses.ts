/** Where a server is reached, as addresses that open when they are pasted into a browser. */
import { isIPv6 } from 'node:net'
import type { NetworkInterfaceInfo } from 'node:os'

/** What listens, as Node tells of it. */
interface Listening {
  /** As it was asked for. */
  readonly host: string
  /** As it was bound. */
  readonly address: string
  readonly port: number
}

export interface Addresses {
  readonly here: string
  readonly elsewhere: readonly string[]
}

type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>

/** Servers bound to these listen on every address of the machine; as addresses to open they mean nothing. */
const EVERY: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

/** The addresses of a server, with the token that a browser keeps from then on; null: none is wanted. */
export function serverAddresses(
  { host, address, port }: Listening,
  token: string | null,
  interfaces: Interfaces,
): Addresses {
  const query = token === null ? '' : `?token=${encoded(token)}`
  const urlOf = (name: string): string => `http://${hostAndPort(name, port)}/${query}`
  const here = EVERY[address]
  if (here === undefined) return { here: urlOf(host), elsewhere: [] }
  const others = Object.values(interfaces).flatMap((all = []) => all)
  const names = others.filter((one) => isReachable(one, address)).map((one) => one.address)
  return { here: urlOf(here), elsewhere: names.map(urlOf) }
}

/** As in an address: IPv6 in brackets, the % before its zone escaped. */
export const hostAndPort = (host: string, port: number): string =>
  `${isIPv6(host) ? `[${host.replace('%', '%25')}]` : host}:${port}`

/** Browsers cannot open link-local addresses, which need a zone. */
const isReachable = ({ internal, family, address }: NetworkInterfaceInfo, bound: string): boolean =>
  !internal && (family === 'IPv4' || bound === '::') && !address.startsWith('fe80:')

/** Escapes more than has to be: terminals that make links of addresses end them before such characters. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*.~]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`)
