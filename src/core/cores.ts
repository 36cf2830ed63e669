/** How many threads can work at the same time here: the processors a process may use, within its container's quota. */
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { posix } from 'node:path'

/** The text of a file; null where there is none. */
type Reader = (path: string) => string | null

const readSystemFile: Reader = (path) => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

/**
 * At least 1, and no more than the quota of CPU time has whole cores: threads that wait for each other by spinning would
 * only use it up. libuv, which Node asks, passes over a quota of less than one core.
 */
export function usableCores(read: Reader = readSystemFile, processors = availableParallelism()): number {
  return Math.max(1, Math.min(processors, Math.floor(quotaInCores(read))))
}

/**
 * The least quota of the control groups that this process is in, in cores; infinite without any. Version 2 has it in
 * `cpu.max` ("quota period" or "max period"), version 1 in `cpu.cfs_quota_us` (-1: none) and `cpu.cfs_period_us`.
 */
export function quotaInCores(read: Reader): number {
  const quotas = groupsOf(read('/proc/self/cgroup') ?? '').flatMap(({ roots, path, quotaIn }) =>
    roots.flatMap((root) => foldersFrom(root, path).map((folder) => quotaIn(folder, read))),
  )
  return Math.min(Number.POSITIVE_INFINITY, ...quotas.filter((quota) => quota > 0))
}

interface Group {
  /** Where the hierarchy may be mounted. */
  readonly roots: readonly string[]
  readonly path: string
  readonly quotaIn: (folder: string, read: Reader) => number
}

/** Of /proc/self/cgroup, whose lines are `number:controllers:path`, in version 2 `0::path`. */
function groupsOf(text: string): readonly Group[] {
  return text.split('\n').flatMap((line): Group[] => {
    const [, number, controllers, path] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? []
    if (path === undefined || controllers === undefined) return []
    if (number === '0' && controllers === '') return [{ roots: ['/sys/fs/cgroup'], path, quotaIn: unified }]
    if (!controllers.split(',').includes('cpu')) return []
    return [{ roots: ['/sys/fs/cgroup/cpu', `/sys/fs/cgroup/${controllers}`], path, quotaIn: legacy }]
  })
}

/** The folder and those above it, up to the root: a container may see its own group there, by another path. */
function foldersFrom(root: string, path: string): readonly string[] {
  const folders = [root]
  for (let at = path; at !== '/' && at !== '.'; at = posix.dirname(at)) folders.push(posix.join(root, at))
  return folders
}

function unified(folder: string, read: Reader): number {
  const [quota, period] = (read(`${folder}/cpu.max`) ?? '').trim().split(' ').map(Number)
  return (quota ?? Number.NaN) / (period ?? Number.NaN)
}

function legacy(folder: string, read: Reader): number {
  const value = (file: string): number => Number(read(`${folder}/${file}`) ?? Number.NaN)
  return value('cpu.cfs_quota_us') / value('cpu.cfs_period_us')
}
