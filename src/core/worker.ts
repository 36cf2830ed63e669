/** Threads of one's own, beside the event loop. */
import { Worker } from 'node:worker_threads'

/** What holds the folders of the project's modules: `src/`, or `dist/` where they are compiled. */
const here = new URL('..', import.meta.url)
const compiled = import.meta.url.endsWith('.ts') ? new URL('../dist/', here) : here

/**
 * Starts the compiled module `file`, beside the module `from` (its `import.meta.url`): a thread runs JavaScript, so that
 * sources that run as they are (in tests) use what was built. It does not keep the process alive.
 */
export function startWorker(from: string, file: string, workerData?: unknown): Worker {
  // Node's own options may be such as no worker can be started with (--input-type).
  const worker = new Worker(builtFile(from, file), { workerData, execArgv: [] })
  worker.unref()
  return worker
}

/** Where the build has put `file` beside the module `from` (its `import.meta.url`). */
export function builtFile(from: string, file: string): URL {
  return new URL(file, new URL(from.slice(here.href.length), compiled))
}
