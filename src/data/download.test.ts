import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { encodeIdx } from '../../test/support/idx.js'
import { keyOf, Random } from '../core/random.js'
import { loadDataset } from './dataset.js'
import { type DownloadProgress, downloadOfficial } from './download.js'
import { IDX_NAMES, type IdxName } from './files.js'
import { userPlaces } from './locate.js'

/** Four small files. The images do not compress, so a cut falls within their bytes. */
const random = new Random(keyOf(1, 'noise'))
const noise = Uint8Array.from({ length: 3 * 64 * 64 }, () => random.integer(256))
const contents: Record<IdxName, Buffer> = {
  'train-images-idx3-ubyte': encodeIdx([3, 64, 64], noise),
  'train-labels-idx1-ubyte': encodeIdx([3], Uint8Array.of(0, 1, 2)),
  't10k-images-idx3-ubyte': encodeIdx([1, 64, 64], noise.subarray(0, 4096)),
  't10k-labels-idx1-ubyte': encodeIdx([1], Uint8Array.of(1)),
}
const checksums = Object.fromEntries(
  IDX_NAMES.map((name) => [name, createHash('sha256').update(contents[name]).digest('hex')]),
) as Record<IdxName, string>
const FIRST = 'train-images-idx3-ubyte.gz'
const zipped = (file: string) => gzipSync(contents[file.replace('.gz', '') as IdxName])

type Handler = (file: string, request: IncomingMessage, response: ServerResponse) => void

/** Answers as a good mirror does, byte ranges included. */
const serve: Handler = (file, request, response) => {
  const bytes = zipped(file)
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? Number.NaN)
  if (Number.isNaN(start)) response.writeHead(200, { 'content-length': bytes.length }).end(bytes)
  else if (start >= bytes.length) response.writeHead(416).end()
  else {
    const headers = {
      'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
      'content-length': bytes.length - start,
    }
    response.writeHead(206, headers).end(bytes.subarray(start))
  }
}

/** Sends the beginning of a file, then breaks the connection. */
const breakOff: Handler = (file, _, response) => {
  const bytes = zipped(file)
  response.writeHead(200, { 'content-length': bytes.length })
  response.write(bytes.subarray(0, 5000), () => setTimeout(() => response.destroy(), 200))
}

async function mirror(handler: Handler) {
  const requests: { file: string; range: string | undefined }[] = []
  const server = createServer((request, response) => {
    const file = (request.url ?? '').split('/').at(-1) as string
    requests.push({ file, range: request.headers.range })
    handler(file, request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { base: `http://127.0.0.1:${port}/data/`, part: `${FIRST}.127.0.0.1-${port}.part`, requests }
}

async function expectComplete(folder: string): Promise<void> {
  expect((await readdir(folder)).sort()).toEqual(IDX_NAMES.map((name) => `${name}.gz`).sort())
  for (const name of IDX_NAMES) {
    expect(gunzipSync(await readFile(join(folder, `${name}.gz`))).equals(contents[name])).toBe(true)
  }
}

it('downloads the four files, with progress, into a folder that it makes', async () => {
  const folder = join(await temporaryFolder(), 'a', 'b')
  const { base } = await mirror(serve)
  const last = new Map<string, DownloadProgress>()
  await downloadOfficial(folder, { mirrors: [base], checksums, onProgress: (p) => last.set(p.file, p) })
  await expectComplete(folder)
  expect([...last.keys()]).toEqual(IDX_NAMES.map((name) => `${name}.gz`))
  for (const { file, received, total, host } of last.values()) {
    expect([received, total, host]).toEqual([zipped(file).length, zipped(file).length, new URL(base).host])
  }
})

it('downloads only what is missing', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, FIRST), zipped(FIRST))
  await writeFile(join(folder, 't10k-labels-idx1-ubyte.gz'), zipped('t10k-labels-idx1-ubyte.gz'))
  const { base, requests } = await mirror(serve)
  await downloadOfficial(folder, { mirrors: [base], checksums })
  await expectComplete(folder)
  expect(requests.map(({ file }) => file)).toEqual([
    'train-labels-idx1-ubyte.gz',
    't10k-images-idx3-ubyte.gz',
  ])
})

it('resumes the part of an earlier download', async () => {
  const folder = await temporaryFolder()
  const { base, part, requests } = await mirror(serve)
  await writeFile(join(folder, part), zipped(FIRST).subarray(0, 7000))
  const received: number[] = []
  const onProgress = (p: DownloadProgress) => p.file === FIRST && received.push(p.received)
  await downloadOfficial(folder, { mirrors: [base], checksums, onProgress })
  await expectComplete(folder)
  expect(requests[0]).toEqual({ file: FIRST, range: 'bytes=7000-' })
  expect(received[0]).toBeGreaterThan(7000)
  expect(received.at(-1)).toBe(zipped(FIRST).length)
})

it('resumes after the connection broke', async () => {
  const folder = await temporaryFolder()
  const { base, requests } = await mirror((file, request, response) =>
    (file === FIRST && request.headers.range === undefined ? breakOff : serve)(file, request, response),
  )
  await downloadOfficial(folder, { mirrors: [base], checksums })
  await expectComplete(folder)
  const ranges = requests.filter(({ file }) => file === FIRST).map(({ range }) => range)
  expect([ranges[0], ranges.at(-1)]).toEqual([undefined, 'bytes=5000-'])
})

it('starts anew where the server does not know ranges', async () => {
  const folder = await temporaryFolder()
  const { base, part } = await mirror((file, _, response) => response.end(zipped(file)))
  await writeFile(join(folder, part), 'some other bytes')
  await downloadOfficial(folder, { mirrors: [base], checksums })
  await expectComplete(folder)
})

it('takes a part that was complete, and drops one that turns out wrong', async () => {
  const whole = await temporaryFolder()
  const { base, part, requests } = await mirror(serve)
  await writeFile(join(whole, part), zipped(FIRST))
  await downloadOfficial(whole, { mirrors: [base], checksums })
  await expectComplete(whole)
  expect(requests.filter(({ file }) => file === FIRST)).toHaveLength(1)
  const wrong = await temporaryFolder()
  await writeFile(join(wrong, part), 'not the beginning of that file')
  await downloadOfficial(wrong, { mirrors: [base], checksums })
  await expectComplete(wrong)
})

it('goes to the second mirror when the first is away, lacks a file, sends other bytes or falls silent', async () => {
  const good = await mirror(serve)
  const handlers: Record<string, Handler> = {
    lacks: (_, __, response) => response.writeHead(404).end(),
    other: (_, __, response) => response.end('<html>Please log in</html>'),
    silent: (file, _, response) => {
      if (file !== FIRST) response.writeHead(404).end()
    },
    half: (file, request, response) =>
      request.headers.range ? response.destroy() : breakOff(file, request, response),
  }
  const bases = await Promise.all(
    Object.values(handlers).map(async (handler) => (await mirror(handler)).base),
  )
  for (const bad of ['http://127.0.0.1:1/', ...bases]) {
    const folder = await temporaryFolder()
    await downloadOfficial(folder, { mirrors: [bad, good.base], checksums, patience: 5000 })
    await expectComplete(folder)
  }
})

it('never keeps a file with a wrong checksum, and says which ways are left', async () => {
  const folder = await temporaryFolder()
  const { base } = await mirror((_, __, response) => response.end(gzipSync('other bytes')))
  const gone = 'http://127.0.0.1:1/'
  const error = await downloadOfficial(folder, { mirrors: [base, gone], checksums }).catch(
    (e: Error) => e.message,
  )
  expect(error).toContain(
    `${new URL(base).host}: wrong SHA-256: expected ${checksums['train-images-idx3-ubyte']}`,
  )
  expect(error).toMatch(/127\.0\.0\.1:1: \S/)
  expect(error).toMatch(
    /apt-get install dataset-fashion-mnist\), or name a folder .* --data DIR or ATELIER_DATA$/,
  )
  expect(await readdir(folder)).toEqual([])
})

it('says so when the folder cannot be written', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'file'), '')
  const { base } = await mirror(serve)
  await expect(
    downloadOfficial(join(folder, 'file', 'cache'), { mirrors: [base], checksums }),
  ).rejects.toThrow(/file\/cache: cannot write the download \(ENOTDIR.*Set XDG_CACHE_HOME/)
})

it('is what loadDataset does when the data set is nowhere else', async () => {
  const root = await temporaryFolder()
  const places = { ...userPlaces(), env: {}, platform: 'linux', home: root, system: join(root, 'none') }
  const { base } = await mirror(serve)
  const data = await loadDataset({ mirrors: [base], checksums }, places)
  expect(data).toMatchObject({ source: 'download', height: 64, width: 64, checksums })
  expect(data.directory).toBe(join(root, '.cache/atelier/fashion-mnist'))
  expect([...data.train.labels]).toEqual([0, 1, 2])
})
