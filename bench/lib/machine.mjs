// What was measured where, so that figures can be compared.
import { describeSystem } from '../../dist/core/system.js'
import { quietly } from '../../scripts/lib/shell.mjs'

export function describeMachine({ command, threads }, versions, load) {
  const { node, os, cpu, memoryBytes } = describeSystem()
  return {
    date: new Date().toISOString().slice(0, 10),
    command,
    threads,
    node,
    os,
    cpu: cpu.model,
    cores: cpu.cores,
    features: cpu.features.join(' '),
    memoryBytes,
    load,
    revision: revision(),
    versions,
  }
}

function revision() {
  const commit = quietly('git', ['rev-parse', '--short', 'HEAD'])
  if (!commit.ok) return 'without a revision'
  const changed = quietly('git', ['status', '--porcelain', '--', 'src', 'native']).output.trim()
  return commit.output.trim() + (changed ? ' with changes' : '')
}
