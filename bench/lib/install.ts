/** What the peers need: packages of Debian and of npm. A peer that cannot be had is skipped, with the reason. */
import { join } from 'node:path'
import { aptInstall } from '../../scripts/lib/apt.mjs'
import { quietly, readJson, root, say, which } from '../../scripts/lib/shell.mjs'
import type { PeerName } from './options.js'

const PEERS = join(root, 'bench', 'peers')

/** Whether it runs the models that PyTorch exports. */
export const takesExports = (name: PeerName): boolean => name.startsWith('onnxruntime')

/** A Python that can import torch. */
export interface PyTorch {
  readonly python: string
  /** As torch says it, such as 2.6.0+debian. */
  readonly version: string
  /** Debian's calls whichever BLAS is installed. */
  readonly debian: boolean
}

/** What was found, and why each peer that was wanted and is missing will not take part. */
export interface Peers {
  readonly pytorches: readonly PyTorch[]
  readonly available: ReadonlySet<PeerName>
  readonly skipped: ReadonlyMap<PeerName, string>
}

export function installPeers(wanted: readonly PeerName[], pythons: readonly string[]): Peers {
  const skipped = new Map<PeerName, string>()
  const needPyTorch = wanted.filter((name) => name === 'pytorch' || takesExports(name))
  const found = needPyTorch.length > 0 ? findPyTorches(pythons) : []
  if (typeof found === 'string') for (const name of needPyTorch) skipped.set(name, found)
  const withPackages = wanted.filter((name) => name !== 'pytorch')
  const reason = withPackages.length > 0 ? installPackages() : null
  if (reason) for (const name of withPackages) skipped.set(name, reason)
  return {
    pytorches: typeof found === 'string' ? [] : found,
    available: new Set(wanted.filter((name) => !skipped.has(name))),
    skipped,
  }
}

/** Those that were given, and the system's own: Debian's is installed where there is none. Or why there is none. */
function findPyTorches(pythons: readonly string[]): PyTorch[] | string {
  const given = pythons.map((python) => {
    const found = askPyTorch(python)
    if (typeof found === 'string') say(`--python ${python}: expected one with PyTorch, received: ${found}`)
    return found
  })
  const own = systemPyTorch()
  const found = [...given, own].filter((one) => typeof one !== 'string')
  if (found.length === 0) return typeof own === 'string' ? own : 'there is no PyTorch'
  return found.sort((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }))
}

function systemPyTorch(): PyTorch | string {
  const find = () =>
    [which('python3'), '/usr/bin/python3']
      .map((python) => (python === null ? 'there is no python3' : askPyTorch(python)))
      .find((one) => typeof one !== 'string')
  if (!find()) {
    const reason = aptInstall('python3-torch', 'the peer that the benchmark compares with, 200 MB')
    if (reason) return `there is no PyTorch and python3-torch is not installed: ${reason}`
  }
  const found = find()
  if (!found) return 'python3 cannot import torch although python3-torch is installed'
  // Debian's PyTorch calls libblas.so.3, which is slow unless OpenBLAS answers.
  if (found.debian && !quietly('dpkg', ['-s', 'libopenblas0-pthread']).ok) {
    const reason = aptInstall('libopenblas0-pthread', 'fast matrix products for PyTorch')
    if (reason) say(`libopenblas0-pthread is not installed: ${reason}; PyTorch runs on another BLAS.`)
  }
  return found
}

/** The PyTorch of an interpreter, or the last line of what it said instead. */
function askPyTorch(python: string): PyTorch | string {
  const program = 'import torch; print("torch", torch.__version__, torch.__file__)'
  const { output } = quietly(python, ['-c', program])
  const [, version, file] = /^torch (\S+) (\S+)$/m.exec(output) ?? []
  if (version === undefined || file === undefined) return output.trim().split('\n').at(-1) ?? 'nothing'
  return { python, version, debian: file.startsWith('/usr/lib/') }
}

/** Null, or why the packages are missing. */
function installPackages(): string | null {
  if (packagesAreCurrent()) return null
  say("Installing the peers' npm packages with npm ci in bench/peers/")
  const { ok, output } = quietly('npm', ['ci', '--no-progress', '--loglevel=error'], {
    cwd: PEERS,
    // It would download CUDA libraries; the CPU library is in the package.
    env: { ONNXRUNTIME_NODE_INSTALL: 'skip' },
  })
  return ok ? null : `npm ci failed in bench/peers/: ${output.trim().split('\n')[0]}`
}

type Lock = { packages?: Record<string, { version?: string; optional?: boolean }> } | null

function packagesAreCurrent(): boolean {
  const wanted = (readJson(join(PEERS, 'package-lock.json')) as Lock)?.packages ?? {}
  const installed = (readJson(join(PEERS, 'node_modules', '.package-lock.json')) as Lock)?.packages ?? {}
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || installed[path]?.version === version || (optional && !installed[path]),
  )
}
