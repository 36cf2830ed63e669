import { describe, expect, it } from 'vitest'
import { quotaInCores, usableCores } from './cores.js'

const files = (content: Readonly<Record<string, string>>) => (path: string) => content[path] ?? null
const unified = (cpuMax: string) =>
  files({ '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': `${cpuMax}\n` })
const legacy = (quota: string, group = 'cpu,cpuacct') =>
  files({
    '/proc/self/cgroup': `12:memory:/docker/abc\n4:${group}:/docker/abc\n0::/system.slice\n`,
    // Docker mounts its own group as the root, whatever path it has outside.
    [`/sys/fs/cgroup/${group}/cpu.cfs_quota_us`]: `${quota}\n`,
    [`/sys/fs/cgroup/${group}/cpu.cfs_period_us`]: '100000\n',
  })

describe('usable cores', () => {
  it.each([
    ['no control groups', files({}), 8],
    ['version 2 without a quota', unified('max 100000'), 8],
    ['version 2, half a core', unified('50000 100000'), 1],
    ['version 2, a core and a half', unified('150000 100000'), 1],
    ['version 2, four cores', unified('200000 50000'), 4],
    ['version 2, more than there are', unified('6400000 100000'), 8],
    ['version 1 without a quota', legacy('-1'), 8],
    ['version 1, a tenth of a core', legacy('10000'), 1],
    ['version 1, two cores and a half', legacy('250000'), 2],
    ['version 1, by the controller alone', legacy('300000', 'cpu'), 3],
  ])('with %s', (_, read, cores) => {
    expect(usableCores(read, 8)).toBe(cores)
  })

  it('take the least quota of all groups above', () => {
    const nested = files({
      '/proc/self/cgroup': '0::/kubepods/pod1/container\n',
      '/sys/fs/cgroup/kubepods/cpu.max': '800000 100000',
      '/sys/fs/cgroup/kubepods/pod1/cpu.max': '50000 100000',
      '/sys/fs/cgroup/kubepods/pod1/container/cpu.max': 'max 100000',
    })
    expect(quotaInCores(nested)).toBe(0.5)
    expect(usableCores(nested, 64)).toBe(1)
  })

  it('are at least one of this machine', () => {
    expect(usableCores()).toBeGreaterThanOrEqual(1)
  })
})
