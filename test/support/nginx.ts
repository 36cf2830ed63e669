/** nginx with a configuration of the documentation, where it is installed or was unpacked for the tests. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { unpackedFolder } from '../../scripts/lib/apt.mjs'
import { until } from './server.js'

/** The path of an nginx, or null. */
export function findNginx(): string | null {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    join(unpackedFolder('nginx'), 'usr/sbin'),
  ]
  return folders.map((folder) => join(folder, 'nginx')).find((path) => existsSync(path)) ?? null
}

/** What a skipped test is called by. */
export const NO_NGINX = 'skipped: no nginx was found (npm test unpacks one where apt-get has it)'

export interface RunningNginx {
  readonly port: number
  close(): Promise<void>
}

/** Runs a site as the text says, but for where it listens: `listen 80;` becomes a free port. */
export async function runNginx(program: string, site: string): Promise<RunningNginx> {
  const folder = await mkdtemp(join(tmpdir(), 'atelier-nginx-'))
  const port = await freePort()
  await writeFile(join(folder, 'nginx.conf'), around(site.replace('listen 80;', `listen 127.0.0.1:${port};`)))
  const flags = ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr']
  const child = spawn(program, flags, { stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  child.stderr.on('data', (data: Buffer) => {
    log += data.toString()
  })
  const close = async (): Promise<void> => {
    await end(child)
    await rm(folder, { recursive: true, force: true })
  }
  await until('nginx listens', async () => child.exitCode !== null || (await isListening(port)))
  if (child.exitCode === null) return { port, close }
  await close()
  throw new Error(`nginx ended: ${log}`)
}

/** One process, which may write to its own folder alone. */
const around = (site: string): string => `
daemon off;
master_process off;
pid nginx.pid;
events {}
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`).join('\n  ')}
${site}
}
`

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGTERM')
  await closed
}

async function freePort(): Promise<number> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
