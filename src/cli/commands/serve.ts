/** `atelier serve`: the studio and the HTTP API. */

import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { resolve } from 'node:path'
import { domainToASCII, fileURLToPath } from 'node:url'
import { Command, Option } from 'commander'
import { AtelierError, messageOf, mismatch, UsageError } from '../../core/errors.js'
import type { EngineName } from '../../engine/names.js'
import type { WhichWeights } from '../../runs/which-weights.js'
import type { App } from '../../server/http/app.js'
import {
  dataOption,
  engineOption,
  examples,
  option,
  threadsOption,
  weightsOption,
  wholeNumber,
} from '../options.js'
import { hostAndPort, serverAddresses } from '../server-addresses.js'
import { onStopSignal } from '../stop-signal.js'

interface ServeFlags {
  readonly host: string
  readonly port: number
  readonly token?: string
  readonly allowHost: readonly string[]
  readonly publicMetrics: boolean
  readonly runs: string
  readonly weights: WhichWeights
  readonly data?: string
  readonly engine: EngineName
  readonly threads?: number
}

/** A shorter one could be guessed. */
const SHORTEST_TOKEN = 16

export function serveCommand(): Command {
  return new Command('serve')
    .description('serve the studio, a web page to try, see and train, and an HTTP API for programs')
    .option(
      '--host <address>',
      'address to listen on; other machines reach only others than this one',
      '127.0.0.1',
    )
    .addOption(
      option(
        '--port <n>',
        'port to listen on; 0: any free one',
        wholeNumber('--port', { min: 0, max: 65535 }),
        8080,
      ),
    )
    .addOption(
      new Option(
        '--token <text>',
        'wanted from every client (default: none on this machine, else a new one)',
      ).env('ATELIER_TOKEN'),
    )
    .addOption(
      new Option(
        '--allow-host <name>',
        'another name under which the server is reached, such as that of a reverse proxy; repeatable',
      )
        .default([], 'none')
        .argParser((value: string, previous: readonly string[]) => [...previous, hostName(value)]),
    )
    .option('--public-metrics', 'answer /metrics without the token', false)
    .option('--runs <dir>', 'folder of the runs', 'runs')
    .addOption(weightsOption())
    .addOption(dataOption())
    .addOption(engineOption())
    .addOption(threadsOption())
    .addHelpText(
      'after',
      examples('atelier serve', 'atelier serve --port 9000', 'atelier serve --host 0.0.0.0'),
    )
    .action(runServe)
}

async function runServe(flags: ServeFlags): Promise<void> {
  const [{ createApp }, { isLoopback }, { packageReleases }] = await Promise.all([
    import('../../server/app.js'),
    import('../../server/http/guard.js'),
    import('../../runs/released-weights.js'),
  ])
  const token = tokenOf(flags, isLoopback(flags.host))
  const app = await createApp({
    host: flags.host,
    names: flags.allowHost,
    token,
    publicMetrics: flags.publicMetrics,
    places: { pretrained: packageReleases, runs: resolve(flags.runs) },
    weights: flags.weights,
    data: flags.data,
    engine: flags.engine,
    threads: flags.threads,
    commandLine: [process.execPath, fileURLToPath(new URL('../main.js', import.meta.url))],
    studio: fileURLToPath(new URL('../../studio', import.meta.url)),
  })
  const stop = new Promise<void>((resolve) => {
    onStopSignal(resolve)
  })
  await listen(app, flags)
  const { address, port } = app.server.address() as AddressInfo
  const { here, elsewhere } = serverAddresses({ host: flags.host, address, port }, token, networkInterfaces())
  process.stdout.write(`Atelier is at ${here}\n`)
  for (const one of elsewhere) process.stdout.write(`From other machines: ${one}\n`)
  await stop
  process.stderr.write('Finishing what was accepted; once more Ctrl-C ends at once\n')
  await app.close()
}

/** On this machine none is needed; elsewhere nobody is let in without. */
function tokenOf({ token }: ServeFlags, loopback: boolean): string | null {
  if (token === undefined || token === '') return loopback ? null : randomBytes(24).toString('base64url')
  if (token.length < SHORTEST_TOKEN) {
    const received = `one of ${token.length}`
    throw new UsageError(mismatch('--token', `a text of at least ${SHORTEST_TOKEN} characters`, received))
  }
  // No header holds such ones: nobody could send it.
  if (/^\s|\s$|\p{Cc}/u.test(token)) {
    const expected = 'a text without control characters, and without blanks at its ends'
    throw new UsageError(mismatch('--token', expected, 'one that has some'))
  }
  return token
}

/** A name as browsers send it: without scheme and port, in lower case and in Punycode. */
function hostName(text: string): string {
  const name = domainToASCII(text)
  if (/^(\[[\da-f:.]+\]|[\w.-]+)$/.test(name) && !/[/?#@]/.test(text)) return name
  const hint = 'An IPv6 address stands in brackets'
  const expected = 'a name without scheme, port and path, such as atelier.example.org'
  throw new UsageError(mismatch('--allow-host', expected, text || 'nothing', hint))
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'one that another program uses. Choose another with --port, or 0 for any free one',
  EACCES: 'one that needs more rights. Choose one from 1024 with --port',
  EADDRNOTAVAIL: 'an address that this machine does not have. Choose another with --host',
  ENOTFOUND: 'a name that has no address. Choose another with --host',
}

async function listen(app: App, { host, port }: ServeFlags): Promise<void> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    await app.close()
    const code = (error as NodeJS.ErrnoException).code ?? ''
    const received = reasons[code] ?? messageOf(error)
    throw new AtelierError(mismatch(`Address ${hostAndPort(host, port)}`, 'a free one', received))
  }
}
