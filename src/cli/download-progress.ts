/** Progress of a download on stderr: a line that is rewritten on a terminal, one line a file in a pipe. */
import { formatBytes } from '../core/format.js'
import type { DownloadProgress } from '../data/download.js'

/** A listener for `loadDataset`'s `onProgress`. */
export function downloadReporter(stream: NodeJS.WriteStream = process.stderr) {
  let file = ''
  let shown = 0
  return (progress: DownloadProgress): void => {
    const { received, total, host } = progress
    const started = progress.file !== file
    file = progress.file
    if (!stream.isTTY) {
      if (started)
        stream.write(`Downloading ${file} from ${host}${total ? ` (${formatBytes(total)})` : ''}\n`)
      return
    }
    const done = received === total
    const now = performance.now()
    if (!started && !done && now - shown < 100) return
    shown = now
    const part = total ? ` ${Math.floor((100 * received) / total)} % of ${formatBytes(total)}` : ''
    stream.write(`\r\x1b[KDownloading ${file} from ${host}:${part || ` ${formatBytes(received)}`}`)
    if (done) stream.write('\n')
  }
}
