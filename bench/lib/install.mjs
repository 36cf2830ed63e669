// What the peers need: packages of Debian and of npm. A peer that cannot be had is skipped, with the reason.
import { join } from 'node:path'
import { aptInstall } from '../../scripts/lib/apt.mjs'
import { quietly, readJson, root, say, which } from '../../scripts/lib/shell.mjs'

const BENCH = join(root, 'bench')

/** For each of the wanted peers `{ python }`, `{}` or `{ skipped: reason }`. */
export function installPeers(wanted) {
  const found = {}
  // onnxruntime's models are exported by PyTorch.
  const pytorch = wanted.some((name) => name === 'pytorch' || name === 'onnxruntime') ? findPyTorch() : null
  const packages = wanted.some((name) => name !== 'pytorch') ? installPackages() : {}
  for (const name of wanted) {
    if (name === 'pytorch') found[name] = pytorch
    else if (name === 'onnxruntime' && !packages.skipped) found[name] = pytorch
    else found[name] = packages
  }
  return found
}

/** The Python whose PyTorch is newest; Debian's is installed where there is none. */
function findPyTorch() {
  if (!newestPyTorch()) {
    const reason = aptInstall('python3-torch', 'the peer that the benchmark compares with, 200 MB')
    if (reason) return { skipped: `there is no PyTorch and python3-torch is not installed: ${reason}` }
  }
  const newest = newestPyTorch()
  if (!newest) return { skipped: 'python3 cannot import torch although python3-torch is installed' }
  // Debian's PyTorch calls libblas.so.3, which is slow unless OpenBLAS answers.
  if (newest.debian && !quietly('dpkg', ['-s', 'libopenblas0-pthread']).ok) {
    const reason = aptInstall('libopenblas0-pthread', 'fast matrix products for PyTorch')
    if (reason) say(`libopenblas0-pthread is not installed: ${reason}; PyTorch runs on another BLAS.`)
  }
  return { python: newest.python }
}

function newestPyTorch() {
  const program = 'import torch; print("torch", torch.__version__, torch.__file__)'
  const pythons = [...new Set([which('python3'), '/usr/bin/python3'])].filter((path) => path && which(path))
  const found = pythons.flatMap((python) => {
    const answer = /^torch (\d+)\.(\d+)\S* (\S+)$/m.exec(quietly(python, ['-c', program]).output)
    if (!answer) return []
    return {
      python,
      version: 1000 * answer[1] + Number(answer[2]),
      debian: answer[3].startsWith('/usr/lib/'),
    }
  })
  return found.sort((a, b) => b.version - a.version)[0]
}

function installPackages() {
  if (packagesAreCurrent()) return {}
  say("Installing the peers' npm packages with npm ci in bench/")
  const { ok, output } = quietly('npm', ['ci', '--no-progress', '--loglevel=error'], {
    cwd: BENCH,
    // It would download CUDA libraries; the CPU library is in the package.
    env: { ONNXRUNTIME_NODE_INSTALL: 'skip' },
  })
  if (ok) return {}
  return { skipped: `npm ci failed in bench/: ${output.trim().split('\n')[0]}` }
}

function packagesAreCurrent() {
  const wanted = readJson(join(BENCH, 'package-lock.json'))?.packages ?? {}
  const installed = readJson(join(BENCH, 'node_modules', '.package-lock.json'))?.packages ?? {}
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || installed[path]?.version === version || (optional && !installed[path]),
  )
}
