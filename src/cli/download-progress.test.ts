import { expect, it, onTestFinished, vi } from 'vitest'
import { downloadReporter } from './download-progress.js'

function written(isTTY: boolean, ...received: number[]): string {
  let text = ''
  const stream = { isTTY, write: (piece: string) => (text += piece) } as unknown as NodeJS.WriteStream
  const report = downloadReporter(stream)
  for (const bytes of received)
    report({ file: 'a.gz', host: 'example.org', received: bytes, total: 4_000_000 })
  return text
}

it('writes one line a file in a pipe', () => {
  expect(written(false, 1_000_000, 2_000_000, 4_000_000)).toBe(
    'Downloading a.gz from example.org (4.00 MB)\n',
  )
})

it('rewrites its line on a terminal, not more often than the eye can follow, and ends it', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const line = (percent: number) => `\r\x1b[KDownloading a.gz from example.org: ${percent} % of 4.00 MB`
  expect(written(true, 1_000_000, 2_000_000, 4_000_000)).toBe(`${line(25)}${line(100)}\n`)
})
