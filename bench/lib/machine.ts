/** What was measured where, so that figures can be compared. */
import { describeSystem } from '#atelier/core/system.js'
import { quietly } from '../../scripts/lib/shell.mjs'
import { heldBy, type Options } from './options.js'

export interface Machine {
  readonly date: string
  readonly command: string
  readonly threads: number
  readonly node: string
  readonly os: string
  readonly cpu: string
  readonly cores: number
  readonly features: string
  readonly memoryBytes: number
  /** What oneDNN uses, and what it was held to where that is not all that the processor has. */
  readonly isa: string
  readonly held: string | null
  /** The load average before the run. */
  readonly load: number
  readonly revision: string
  readonly versions: readonly string[]
}

export function describeMachine(
  { command, threads }: Options,
  isa: string,
  versions: readonly string[],
  load: number,
): Machine {
  const { node, os, cpu, memoryBytes } = describeSystem()
  return {
    date: new Date().toISOString().slice(0, 10),
    ...{ command, threads, node, os, memoryBytes, isa, load, versions },
    cpu: cpu.model,
    cores: cpu.cores,
    features: cpu.features.join(' '),
    held: heldBy() ?? null,
    revision: revision(),
  }
}

function revision(): string {
  const commit = quietly('git', ['rev-parse', '--short', 'HEAD'])
  if (!commit.ok) return 'without a revision'
  const changed = quietly('git', ['status', '--porcelain', '--', 'src', 'native']).output.trim()
  return commit.output.trim() + (changed ? ' with changes' : '')
}
