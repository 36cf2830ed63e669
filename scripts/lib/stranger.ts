// The package as a stranger has it: installed by npm into an empty folder, with some version of Node, and tried there.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { which } from './shell.mjs'

export interface Stranger {
  readonly folder: string
  /** The program of the version. */
  readonly node: string
}

export interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Longer than anything here takes on a slow machine. */
const TIMEOUT_MS = 600_000

const npmCli = (): string => process.env.npm_execpath ?? realpathSync(which('npm') ?? 'npm')

/** Nothing of the project's own `npm run` may reach the other folder; its Node comes first in the path. */
function environmentOf({ node }: Stranger): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|INIT_CWD|NODE_OPTIONS|VITEST)/.test(name),
  )
  return { ...Object.fromEntries(own), PATH: `${dirname(node)}${delimiter}${process.env.PATH}` }
}

/** A script of Node's own, run there to its end. */
export function runNode(stranger: Stranger, args: readonly string[]): Outcome {
  const { folder: cwd, node } = stranger
  const options = { cwd, env: environmentOf(stranger), encoding: 'utf8', timeout: TIMEOUT_MS } as const
  const { status, stdout, stderr, error } = spawnSync(node, args, options)
  return { status, stdout, stderr: `${stderr}${error?.message ?? ''}` }
}

/** Installs archives, and what they need, without any package's scripts. */
export function install(stranger: Stranger, archives: readonly string[]): Outcome {
  writeFileSync(join(stranger.folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  const quick = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
  return runNode(stranger, [npmCli(), 'install', ...quick, ...archives])
}

/** Of all files below a folder but those whose folder's path has `without` in it. */
export function bytesBelow(folder: string, without?: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !(without !== undefined && entry.parentPath.includes(without)))
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}

/** `npx atelier` with these arguments. */
export function atelier(stranger: Stranger, ...args: readonly string[]): Outcome {
  const npx = join(dirname(npmCli()), 'npx-cli.js')
  return runNode(stranger, [npx, '--no-install', 'atelier', ...args])
}

/** `atelier serve` while `use` asks it; its address is without a slash at the end. */
export async function served<T>(stranger: Stranger, use: (url: string) => Promise<T>): Promise<T> {
  const main = join(stranger.folder, 'node_modules', 'atelier', 'dist', 'cli', 'main.js')
  const child = spawn(stranger.node, [main, 'serve', '--port', '0'], {
    cwd: stranger.folder,
    env: environmentOf(stranger),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  try {
    return await use(await addressOf(child))
  } finally {
    child.kill()
    await ended
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  let text = ''
  for await (const data of child.stdout ?? []) {
    text += String(data)
    const [, address] = /Atelier is at (http:\/\/\S+?)\/\n/.exec(text) ?? []
    if (address !== undefined) return address
  }
  throw new Error(`atelier serve ended without an address: ${text}`)
}
