/** `atelier serve` as a process. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { root } from '../../scripts/lib/shell.mjs'

const main = join(root, 'dist', 'cli', 'main.js')

export interface Server {
  readonly port: number
  /** MiB that the process has in memory. */
  memory(): Promise<number>
  isRunning(): boolean
  /** Asks it to end; its exit code. */
  stop(): Promise<number | null>
}

/** On a port of its own, with an empty folder of runs. */
export async function startServer(folder: string, ...args: readonly string[]): Promise<Server> {
  const told = ['serve', '--port', '0', '--runs', join(folder, 'runs'), ...args]
  const child = spawn(process.execPath, [main, ...told], { stdio: ['ignore', 'pipe', 'inherit'] })
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  const port = await portOf(child)
  return {
    port,
    memory: async () => {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
      return Number(/^process_resident_memory_bytes (\d+)/m.exec(text)?.[1]) / 2 ** 20
    },
    isRunning: () => child.exitCode === null && child.signalCode === null,
    stop: async () => {
      process.off('exit', end)
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM')
        await once(child, 'close')
      }
      return child.exitCode
    },
  }
}

async function portOf(child: ChildProcess): Promise<number> {
  let text = ''
  for await (const piece of child.stdout as NonNullable<ChildProcess['stdout']>) {
    text += piece
    const port = /http:\/\/[^/\s]+:(\d+)/.exec(text)?.[1]
    if (port) return Number(port)
  }
  throw new Error(`The server did not start: ${text}`)
}
