// What the native addon is compiled with: the compiler, oneDNN's place, the flags. The set-up's probe, the check
// against oneDNN 3.x and native/binding.gyp (which runs this file) all take them from here.
import { existsSync } from 'node:fs'
import { arch, platform } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { filesBelow, quietly, root, which } from './shell.mjs'

const mac = platform() === 'darwin'
/** All that the processor has which compiles. */
const NATIVE = [arch() === 'arm64' ? '-mcpu=native' : '-march=native']

/** The C++ compiler that node-gyp will call too: CXX, else the system's. Null when there is none. */
export function findCompiler() {
  const names = process.env.CXX ? [process.env.CXX] : mac ? ['clang++'] : ['g++', 'clang++']
  return names.find((name) => which(name)) ?? null
}

/** `{ includes, libraries }`: the folders to search before the compiler's own ones. */
export function searchFolders() {
  const prefixes = [process.env.DNNLROOT, process.env.ONEDNN_ROOT].flatMap((path) => path || [])
  if (mac) {
    const brew = ['/opt/homebrew/opt', '/usr/local/opt']
    prefixes.push(...['onednn', 'libomp'].flatMap((formula) => brew.map((opt) => join(opt, formula))))
  }
  /** @param {readonly string[]} names */
  const existing = (names) =>
    prefixes.flatMap((prefix) => names.map((name) => join(prefix, name))).filter(existsSync)
  return { includes: existing(['include']), libraries: existing(['lib', 'lib64']) }
}

/**
 * The compiler's flags. A binary that runs on the machine that builds it may use all of the CPU (-march=native), another
 * what its `target` says, but nothing that lets the CPU change a result: no -ffast-math, and no contraction of a * b + c
 * into a fused multiply-add, so that the engine's own kernels give the same bits with and without FMA or AVX-512.
 * Not setting errno and not trapping change no value, and let square roots and selections be vectorized.
 *
 * @param {{ folders?: ReturnType<typeof searchFolders>, target?: readonly string[] }} [options]
 */
export function compileFlags({ folders = searchFolders(), target = NATIVE } = {}) {
  return [
    '-std=c++17',
    '-O3',
    ...target,
    '-ffp-contract=off',
    '-fno-math-errno',
    '-fno-trapping-math',
    '-fvisibility=hidden',
    '-Wall',
    '-Wextra',
    // Apple's clang has OpenMP in its front end alone; the runtime is Homebrew's libomp.
    ...(mac ? ['-Xpreprocessor', '-fopenmp'] : ['-fopenmp']),
    ...folders.includes.map((folder) => `-I${folder}`),
  ]
}

/** What the addon's sources are compiled with by whatever calls the compiler itself; native/binding.gyp has the same. */
export const addonDefines = ['NAPI_VERSION=8', 'NAPI_CPP_EXCEPTIONS', 'NODE_ADDON_API_DISABLE_DEPRECATED']

export function linkFlags() {
  const folders = searchFolders().libraries.flatMap((folder) => [`-L${folder}`, `-Wl,-rpath,${folder}`])
  return [...folders, '-ldnnl', mac ? '-lomp' : '-fopenmp']
}

/** The addon's sources, relative to native/. */
export function nativeSources() {
  const native = join(root, 'native')
  return existsSync(native)
    ? filesBelow(native, (path) => path.endsWith('.cc') && !path.startsWith('build/'))
    : []
}

/** The version in oneDNN's headers as the compiler finds them, such as 2.6.3; null without compiler or headers. */
export function onednnVersion(includes = searchFolders().includes) {
  const compiler = findCompiler()
  if (!compiler) return null
  const program =
    '#include <oneapi/dnnl/dnnl_version.h>\nDNNL_VERSION_MAJOR DNNL_VERSION_MINOR DNNL_VERSION_PATCH\n'
  const flags = includes.map((folder) => `-I${folder}`)
  const { ok, output } = quietly(compiler, [...flags, '-E', '-P', '-x', 'c++', '-'], { input: program })
  return ok ? (output.trim().split('\n').at(-1)?.replaceAll(' ', '.') ?? null) : null
}

/** The prefix whose include/node holds this Node's own headers, which saves node-gyp a download; else null. */
export function nodeHeadersPrefix() {
  const prefix = join(process.execPath, '..', '..')
  return existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? prefix : null
}

// `node toolchain.mjs sources|compile|link`, for binding.gyp: one flag a line, quoted for gyp's shell-like splitting.
if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  /** @type {Record<string, () => string[]>} */
  const lists = { sources: nativeSources, compile: () => compileFlags(), link: linkFlags }
  const list = lists[process.argv[2] ?? '']
  if (!list) throw new Error(`expected one of ${Object.keys(lists).join(', ')}, received ${process.argv[2]}`)
  process.stdout.write(
    list()
      .map((flag) => `${JSON.stringify(flag)}\n`)
      .join(''),
  )
}
