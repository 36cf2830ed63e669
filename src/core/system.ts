/** What this machine is: its processor and the instruction sets that decide how fast an engine can be. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { arch, cpus, platform, release, totalmem } from 'node:os'
import { usableCores } from './cores.js'

export interface SystemDescription {
  /** The version of Node, without the `v`. */
  readonly node: string
  /** `linux 6.1.0 x64`. */
  readonly os: string
  readonly cpu: {
    readonly model: string
    /** Logical cores that this process may use, within its quota. */
    readonly cores: number
    /** Those of `NOTABLE_FEATURES` that the processor has, in that order. */
    readonly features: readonly string[]
  }
  readonly memoryBytes: number
}

/** The instruction sets that matter to matrix products, as Linux spells them, with the names shown to users. */
const NOTABLE_FEATURES: readonly (readonly [flag: string, name: string])[] = [
  ['avx2', 'avx2'],
  ['fma', 'fma'],
  ['avx_vnni', 'avx_vnni'],
  ['avx512f', 'avx512f'],
  ['avx512_vnni', 'avx512_vnni'],
  ['avx512_bf16', 'avx512_bf16'],
  ['avx512_fp16', 'avx512_fp16'],
  ['amx_bf16', 'amx_bf16'],
  ['asimd', 'neon'],
  ['sve', 'sve'],
  ['bf16', 'bf16'],
]

export function describeSystem(): SystemDescription {
  const report = systemReport()
  return {
    node: process.versions.node,
    os: `${platform()} ${release()} ${arch()}`,
    cpu: {
      model: completeModel(cpus()[0]?.model.trim() || 'unknown', report),
      cores: usableCores(),
      features: notableFeatures(platform() === 'darwin' ? parseSysctl(report) : parseCpuinfo(report)),
    },
    memoryBytes: totalmem(),
  }
}

/** Where a hypervisor hides which processor of a series it is, family and model in /proc/cpuinfo still tell. */
export function completeModel(name: string, cpuinfo: string): string {
  const numberAt = (key: string) => new RegExp(`^${key}[ \\t]*:[ \\t]*(\\d+)$`, 'm').exec(cpuinfo)?.[1]
  const [family, model] = [numberAt('cpu family'), numberAt('model')]
  return /\d/.test(name) || family === undefined ? name : `${name} (family ${family}, model ${model})`
}

/** The notable ones among the flags that the system reports. */
export function notableFeatures(flags: ReadonlySet<string>): string[] {
  return NOTABLE_FEATURES.filter(([flag]) => flags.has(flag)).map(([, name]) => name)
}

/** All that the system says this processor can do, in Linux's words; empty where it says nothing. */
export function processorFlags(): ReadonlySet<string> {
  const report = systemReport()
  return platform() === 'darwin' ? parseSysctl(report) : parseCpuinfo(report)
}

/** The flags of the first processor in /proc/cpuinfo: `flags` on x86, `Features` on Arm. */
export function parseCpuinfo(text: string): Set<string> {
  const [, flags = ''] = /^(?:flags|Features)[ \t]*:[ \t]*(.*)$/m.exec(text) ?? []
  return new Set(flags.split(/\s+/).filter(Boolean))
}

/** The flags in the output of `sysctl hw.optional machdep.cpu`, under their Linux names. */
export function parseSysctl(text: string): Set<string> {
  const flags = new Set<string>()
  for (const [, name = ''] of text.matchAll(/^hw\.optional\.(?:arm\.)?(\w+): 1$/gm)) {
    const linux = name
      .toLowerCase()
      .replace(/_0$/, '')
      .replace(/^feat_/, '')
    flags.add(linux === 'neon' || linux === 'advsimd' ? 'asimd' : linux)
  }
  for (const [, names = ''] of text.matchAll(/^machdep\.cpu\.(?:leaf7_)?features: (.*)$/gm)) {
    for (const name of names.split(/\s+/)) flags.add(name.toLowerCase())
  }
  return flags
}

/** What Linux and macOS say of the processor; empty where there is nothing to read. */
function systemReport(): string {
  try {
    if (platform() === 'linux') return readFileSync('/proc/cpuinfo', 'utf8')
    if (platform() === 'darwin') {
      return execFileSync('sysctl', ['hw.optional', 'machdep.cpu'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
    }
  } catch {
    // A sandbox may hide both; it is only shown, nothing depends on it.
  }
  return ''
}
