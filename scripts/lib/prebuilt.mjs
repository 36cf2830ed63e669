// The native engine as one package holds it: an addon for each level of the processor, and beside them the shared libraries
// that they need, found by $ORIGIN.
import { copyFileSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { arch } from 'node:os'
import { dirname, join } from 'node:path'
import { PACKAGES } from './package.mjs'
import { quietly, root, SetupError, say } from './shell.mjs'
import {
  addonDefines,
  compileFlags,
  findCompiler,
  nativeSources,
  nodeHeadersPrefix,
  onednnVersion,
} from './toolchain.mjs'

const WITHOUT = ['-mno-lzcnt', '-mno-movbe']
const V2 = ['pni', 'ssse3', 'sse4_1', 'sse4_2', 'popcnt']
const V3 = [...V2, 'avx', 'avx2', 'bmi1', 'bmi2', 'f16c', 'fma']
const V4 = [...V3, 'avx512f', 'avx512bw', 'avx512cd', 'avx512dq', 'avx512vl']
/**
 * The levels of https://gitlab.com/x86-psABIs/x86-64-ABI, best first, each with the flags by which Linux shows that a
 * processor has it; other architectures have one. Without LZCNT and MOVBE, which hypervisors hide and these kernels do not
 * need.
 *
 * @typedef {{ name: string, target: readonly string[], processor: readonly string[] }} Level
 * @type {Readonly<Record<string, readonly Level[]>>}
 */
const LEVELS = {
  x64: [
    { name: 'x86-64-v4', target: ['-march=x86-64-v4', ...WITHOUT], processor: V4 },
    { name: 'x86-64-v3', target: ['-march=x86-64-v3', ...WITHOUT], processor: V3 },
    { name: 'x86-64-v2', target: ['-march=x86-64-v2'], processor: V2 },
  ],
  arm64: [{ name: 'armv8-a', target: ['-march=armv8-a'], processor: ['asimd'] }],
}

const OUT = join(PACKAGES, 'native-build')

/** Builds all: what the manifest says of the addons, and the files of the package. */
export function buildPrebuilt() {
  const [compiler, headers, onednn] = [findCompiler(), nodeHeadersPrefix(), onednnVersion()]
  const levels = LEVELS[arch()]
  if (!compiler || !headers || !onednn || !levels) {
    throw new SetupError(
      "package:native needs a C++ compiler, oneDNN, and Node's headers beside Node, on x64 or arm64.",
    )
  }
  rmSync(OUT, { recursive: true, force: true })
  mkdirSync(OUT, { recursive: true })
  const libraries = sharedLibraries(compiler)
  const shared = [...stubOf(libraries, compiler), ...libraries.map(({ file }) => file)]
  const files = levels.map((level) => buildAddon(level, compiler, headers, shared))
  const licences = join(OUT, 'THIRD-PARTY.txt')
  writeFileSync(licences, licencesOf(libraries.map(({ origin }) => origin)))
  const builds = levels.map(({ name, processor }) => ({ file: fileOf(name), processor }))
  return { builds, onednn, files: [...files, ...shared, licences] }
}

/** @param {string} level */
const fileOf = (level) => `atelier-${level}.node`

/**
 * oneDNN and OpenMP, copied under the names by which they are asked for.
 *
 * @param {string} compiler
 */
function sharedLibraries(compiler) {
  return ['libdnnl.so', 'libgomp.so.1'].map((name) => {
    const found = realpathSync(run(compiler, [`-print-file-name=${name}`]).trim())
    const [, soname = name] = /Library soname: \[(.*?)\]/.exec(run('readelf', ['-d', found])) ?? []
    const file = join(OUT, soname)
    copyFileSync(found, file)
    return { origin: found, file }
  })
}

/** @typedef {ReturnType<typeof sharedLibraries>} Libraries */

/**
 * For any processor of the level: `-march=native` gives way to it, all else is as in a build in place. The C++ runtime is
 * linked in, since that of an older system lacks what this compiler's needs.
 *
 * @param {Level} level
 * @param {string} compiler
 * @param {string} headers
 * @param {readonly string[]} shared libraries that go into the package
 */
function buildAddon({ name, target }, compiler, headers, shared) {
  say(`Compiling the native engine for ${name}`)
  const file = join(OUT, fileOf(name))
  const includes = [join(headers, 'include', 'node'), join(root, 'node_modules', 'node-addon-api')]
  run(compiler, [
    ...compileFlags({ target }),
    ...['-fPIC', '-shared', '-pthread', '-s', '-o', file],
    ...includes.map((path) => `-I${path}`),
    ...addonDefines.map((define) => `-D${define}`),
    ...nativeSources().map((path) => join(root, 'native', path)),
    ...['-static-libstdc++', '-static-libgcc', '-Wl,--exclude-libs,ALL', '-Wl,-rpath,$ORIGIN'],
    // What oneDNN alone asks for is found by the addon's own path this way.
    ...['-Wl,--no-as-needed', ...shared],
  ])
  return file
}

const OPENCL = 'libOpenCL.so.1'
/** CL_PLATFORM_NOT_FOUND_KHR. */
const NO_PLATFORM = -1001

/**
 * Debian builds oneDNN for GPUs too and so links it to OpenCL, which few systems have and the engine never calls. In its
 * place stands a library of the same name whose functions all say that there is no such device. None where oneDNN asks for
 * none.
 *
 * @param {Libraries} libraries
 * @param {string} compiler
 * @returns {string[]}
 */
function stubOf(libraries, compiler) {
  const symbols = libraries.flatMap(({ file }) => [
    ...run('readelf', ['--dyn-syms', '--wide', file]).matchAll(/ UND (cl[A-Z]\w*)@(OPENCL_[\d.]+)/g),
  ])
  if (symbols.length === 0) return []
  const [source, script, file] = [join(OUT, 'opencl.c'), join(OUT, 'opencl.map'), join(OUT, OPENCL)]
  const names = symbols.map(([, name = '']) => name)
  writeFileSync(source, names.map((name) => `int ${name}(void) { return ${NO_PLATFORM}; }\n`).join(''))
  const versions = [...new Set(symbols.map(([, , version = '']) => version))].sort()
  const nodes = versions.map((version) => {
    const own = symbols.filter(([, , other]) => other === version).map(([, name]) => name)
    return `${version} { global: ${own.join('; ')}; };\n`
  })
  writeFileSync(script, nodes.join(''))
  const linking = [`-Wl,-soname,${OPENCL}`, `-Wl,--version-script=${script}`]
  run(compiler, ['-x', 'c', '-shared', '-fPIC', '-s', ...linking, source, '-o', file])
  return [file]
}

/**
 * What Debian's packages say of the copyright of files, with the licences that they refer to.
 *
 * @param {readonly string[]} files
 */
function licencesOf(files) {
  const parts = files.map((file) => {
    const owner = run('dpkg-query', ['--search', file]).split(':')[0] ?? ''
    const version = run('dpkg-query', ['--show', `--showformat=\${source:Package} \${source:Version}`, owner])
    const copyright = readFileSync(join('/usr/share/doc', owner, 'copyright'), 'utf8')
    return {
      title: `${dirname(file) === file ? file : file.split('/').at(-1)}, of Debian's source package ${version}`,
      copyright,
    }
  })
  const common = new Set(
    parts.flatMap(({ copyright }) =>
      [...copyright.matchAll(/\/usr\/share\/common-licenses\/([\w.-]*\w)/g)].map(([, name]) => name),
    ),
  )
  const texts = [...common].sort().map((name = '') => ({
    title: `The licence that the above calls /usr/share/common-licenses/${name}`,
    copyright: readFileSync(join('/usr/share/common-licenses', name), 'utf8'),
  }))
  const rule = '='.repeat(80)
  return [...parts, ...texts]
    .map(({ title, copyright }) => `${rule}\n${title}\n${rule}\n\n${copyright.trim()}\n`)
    .join('\n')
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 */
function run(program, args) {
  const { ok, output, stdout } = quietly(program, args, { env: { LC_ALL: 'C' } })
  if (!ok) throw new SetupError(`${output.trim()}\n${program} failed (its output is above).`)
  return stdout
}
