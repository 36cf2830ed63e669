/** Which process somebody is, on which machine, and whether it still runs. */
import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { z } from 'zod'

export const identitySchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** Linux: tells this start of the machine from all others; null where the system does not say. */
  boot: z.string().nullable(),
  /** Linux: the namespace that the number belongs to; containers have one each. */
  namespace: z.string().nullable(),
  /** Linux: clock ticks from the machine's start to the process's: numbers are given again, this pair is not. */
  started: z.string().nullable(),
})
export type ProcessIdentity = z.infer<typeof identitySchema>

/** Of this process. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  const [boot, namespace, started] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
      (text) => text.trim(),
      () => null,
    ),
    readlink('/proc/self/ns/pid').catch(() => null),
    startOf(process.pid),
  ])
  return { pid: process.pid, host: hostname(), boot, namespace, started }
}

/**
 * Whether that process runs, whoever's it is; null where it cannot be told from here: on another machine, in another
 * container, and on a system that does not say when a process began.
 */
export async function isRunning(other: ProcessIdentity): Promise<boolean | null> {
  const own = await ownIdentity()
  const nextDoor = own.boot !== null && other.boot === own.boot && other.namespace === own.namespace
  if (nextDoor && other.started !== null) {
    const started = await startOf(other.pid)
    if (started !== null) return started === other.started
  }
  // Without a namespace of its own to be mistaken in, a number that is nobody's is that of one that has ended.
  const sameMachine = nextDoor || (own.boot === null && other.boot === null && other.host === own.host)
  return sameMachine && !hasNumber(other.pid) ? false : null
}

/** Field 22 of /proc/PID/stat, which others' processes show as well; null where there is none. */
async function startOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  // The second field is the program's name in brackets, which may hold blanks and brackets.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
}

/** Whether a process of this system has the number. */
export function hasNumber(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It runs, as someone else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
