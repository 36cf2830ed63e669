/** `atelier doctor`: what this machine offers and which parts of it Atelier uses. */
import { Command } from 'commander'
import { messageOf } from '../../core/errors.js'
import type { SystemDescription } from '../../core/system.js'
import type { describeEngines } from '../../engine/choose.js'
import type { OnnxRuntimeDescription } from '../../export/onnxruntime.js'
import { examples, jsonOption } from '../options.js'

type Engines = Awaited<ReturnType<typeof describeEngines>>

/** The data set as found without a download, or why there is none. */
type DataReport =
  | {
      readonly found: true
      readonly directory: string
      readonly source: string
      readonly official: boolean
      readonly files: readonly {
        readonly name: string
        readonly sha256: string
        readonly official: boolean
      }[]
    }
  | { readonly found: false; readonly reason: string }

/** The keys of `--json`. */
export interface DoctorReport extends SystemDescription {
  readonly engine: Engines
  /** What checks exported files. */
  readonly onnxruntime: OnnxRuntimeDescription
  readonly data: DataReport
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('show what was found: Node, processor, engine, oneDNN, WebAssembly, threads, data set')
    .addOption(jsonOption())
    .addHelpText('after', examples('atelier doctor', 'atelier doctor --json'))
    .action(runDoctor)
}

async function runDoctor(flags: { readonly json?: boolean }): Promise<void> {
  const [{ describeSystem }, { describeEngines }, { describeOnnxRuntime }] = await Promise.all([
    import('../../core/system.js'),
    import('../../engine/choose.js'),
    import('../../export/onnxruntime.js'),
  ])
  const report = {
    ...describeSystem(),
    engine: await describeEngines(),
    onnxruntime: await describeOnnxRuntime(),
    data: await reportData(),
  }
  process.stdout.write(flags.json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report))
}

/** A missing or damaged data set is a finding here, not a failure. */
async function reportData(): Promise<DataReport> {
  const [{ locateData }, { loadDataset }, { OFFICIAL_CHECKSUMS }] = await Promise.all([
    import('../../data/locate.js'),
    import('../../data/dataset.js'),
    import('../../data/files.js'),
  ])
  try {
    if ((await locateData()) === undefined) {
      return { found: false, reason: 'not on this machine; the first command that needs it downloads it' }
    }
    const { directory, source, official, checksums } = await loadDataset()
    const officials: Readonly<Record<string, string>> = OFFICIAL_CHECKSUMS
    const files = Object.entries(checksums).map(([name, sha256]) => ({
      name,
      sha256,
      official: officials[name] === sha256,
    }))
    return { found: true, directory, source, official, files }
  } catch (error) {
    return { found: false, reason: messageOf(error) }
  }
}

/** The report as lines of a name and its finding. */
export function formatReport(report: DoctorReport): string {
  const { node, os, cpu, memoryBytes, engine, onnxruntime, data } = report
  const features = cpu.features.length > 0 ? cpu.features.join(', ') : 'no notable features reported'
  const rows: [name: string, finding: string][] = [
    ['Node', node],
    ['System', `${os}, ${(memoryBytes / 2 ** 30).toFixed(1)} GiB of memory`],
    ['Processor', `${cpu.model}, ${cpu.cores} ${cpu.cores === 1 ? 'core' : 'cores'}`],
    ['Features', features],
    ['Engine', `${engine.chosen}: ${engine.reason}`],
    ['oneDNN', describeOnednn(engine.native)],
  ]
  rows.push(['Wasm', describeWasm(engine.wasm)])
  const threads = engine.native.threads ?? engine.wasm.threads
  if (threads !== undefined) rows.push(['Threads', String(threads)])
  rows.push(['ONNX', formatOnnxRuntime(onnxruntime)])
  rows.push(['Data', data.found ? `${data.directory} (${data.source})` : data.reason])
  if (data.found) {
    rows.push(['', data.official ? 'the official Fashion-MNIST' : 'not the official Fashion-MNIST files'])
    for (const file of data.files) {
      rows.push(['', `${file.sha256}  ${file.name}${file.official ? '' : ' (not the official file)'}`])
    }
  }
  return rows.map(([name, finding]) => `${name.padEnd(11)}${finding}\n`).join('')
}

function describeOnednn({ available, reason, onednn, isa, bf16 }: Engines['native']): string {
  if (!available) return `not in use: ${reason}`
  const bfloat = bf16 === undefined ? '' : `, bf16 ${bf16 ? 'in hardware' : 'not in hardware'}`
  return `${onednn ?? 'of unknown version'}${isa ? `, instruction set ${isa}` : ''}${bfloat}`
}

/** Which binary, with which of WebAssembly's features, and why without the others. */
function describeWasm({ available, reason, binary, relaxedSimd, sharedMemory }: Engines['wasm']): string {
  if (!available) return `not in use: ${reason}`
  const simd = relaxedSimd ? 'relaxed SIMD' : 'SIMD, not relaxed SIMD, which Node has from 22 on'
  const memory = sharedMemory ? 'memory that threads share' : 'no memory that threads share, so one thread'
  return `${binary}.wasm: ${simd}; ${memory}`
}

function formatOnnxRuntime({ available, version, reason }: OnnxRuntimeDescription): string {
  if (!available) return `exports cannot be checked: ${reason}`
  return `onnxruntime ${version}, which checks exports`
}
