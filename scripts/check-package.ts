// `npm run check:package`: packs, installs the package into an empty folder for each version of Node, and tries it there, as
// rows of a Markdown table. Archives that are given are installed beside it (the native engine, weights).
//
//   npm run check:package -- [--node 20,22] [ARCHIVE...]
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { arch, platform, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { packProject } from './lib/package.mjs'
import { npm, say } from './lib/shell.mjs'
import { atelier, bytesBelow, install, type Stranger } from './lib/stranger.js'
import { type Trial, trials } from './lib/stranger-trials.js'

const { values, positionals } = parseArgs({
  options: { node: { type: 'string', default: '20,22,24,26' } },
  allowPositionals: true,
})
const archives = [packProject(), ...positionals.map((path) => resolve(path))]
const columns = trials.map(({ name }) => name)
say(`| Node | engine | installed | ${columns.join(' | ')} |`)
say(`| --- | --- | ---: |${columns.map(() => ' --- |').join('')}`)
for (const version of values.node.split(',')) await check(version)

async function check(version: string): Promise<void> {
  const base = mkdtempSync(join(tmpdir(), 'atelier-stranger-'))
  try {
    const stranger = { folder: join(base, 'project'), node: nodeOf(version, base) }
    mkdirSync(stranger.folder)
    const { status, stderr } = install(stranger, archives)
    if (status !== 0) throw new Error(`npm install failed on Node ${version}: ${stderr}`)
    const { node, engine } = JSON.parse(atelier(stranger, 'doctor', '--json').stdout)
    const cells = [engine.chosen, `${(bytesBelow(stranger.folder) / 1e6).toFixed(0)} MB`]
    for (const trial of trials) cells.push(await outcome(trial, stranger))
    say(`| ${node} | ${cells.join(' | ')} |`)
  } finally {
    rmSync(base, { recursive: true, force: true })
  }
}

async function outcome({ name, run }: Trial, stranger: Stranger): Promise<string> {
  const began = performance.now()
  const failure = await run(stranger).catch((error: unknown) => String(error))
  if (failure === null) return `${((performance.now() - began) / 1000).toFixed(1)} s`
  say(`${name}: ${failure}`)
  process.exitCode = 1
  return 'failed'
}

/** That version of Node, from the npm package of its platform: `node` itself would fetch it by a script. */
function nodeOf(version: string, folder: string): string {
  const system = platform() === 'win32' ? 'win' : platform()
  const name = `node-${system}-${arch()}`
  const { ok, output } = npm(
    ['install', '--ignore-scripts', '--no-save', '--prefix', folder, `${name}@${version}`],
    {
      cwd: folder,
    },
  )
  if (!ok) throw new Error(`${output}\nNode ${version} cannot be had (npm's output is above)`)
  return join(folder, 'node_modules', name, 'bin', platform() === 'win32' ? 'node.exe' : 'node')
}
