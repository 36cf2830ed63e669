// Bodies of requests that are not quite right: JSON, images, forms, tensors.
import fc from 'fast-check'
import sharp from 'sharp'
import { type Schema, valueFor } from '../fuzz/values.js'

export interface Body {
  readonly type: string
  readonly bytes: Buffer
  readonly headers: Readonly<Record<string, string>>
}
/** By their types, as the document of the server's API has them. */
export type Content = Readonly<Record<string, { readonly schema: Schema }>>

/** Some small images in the formats that the server reads. */
async function images() {
  const pixels = Buffer.from(Array.from({ length: 40 * 30 * 3 }, (_, i) => (i * i) % 251))
  const picture = () => sharp(pixels, { raw: { width: 40, height: 30, channels: 3 } })
  const formats = ['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const
  return Promise.all(formats.map((format) => picture().toFormat(format).toBuffer()))
}
const IMAGES = await images()

/** Bytes as they are, cut off, with others in their midst, or twice. */
function damaged(bytes: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  return fc
    .tuple(
      bytes,
      fc.nat({ max: 5 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.uint8Array({ maxLength: 20 }),
    )
    .map(([whole, how, where, others]) => {
      const at = Math.floor(where * whole.length)
      if (how === 0) return whole.subarray(0, at)
      if (how === 1) return Buffer.concat([whole.subarray(0, at), others, whole.subarray(at + others.length)])
      if (how === 2) return Buffer.concat([whole, whole.subarray(at)])
      return whole
    })
}

const anyBytes = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes))
const asJson = (value: fc.Arbitrary<unknown>) => value.map((json) => Buffer.from(JSON.stringify(json) ?? ''))
const image = fc.oneof(damaged(fc.constantFrom(...IMAGES)), anyBytes)

const brackets = fc.constantFrom(
  '['.repeat(100_000),
  '{"a":'.repeat(50_000),
  '\ufeff{}',
  ' '.repeat(2 ** 20 + 1),
)
const jsonBody = (schema: Schema) =>
  fc.oneof(
    { weight: 8, arbitrary: asJson(valueFor(schema)) },
    { weight: 2, arbitrary: damaged(asJson(valueFor(schema))) },
    {
      weight: 1,
      arbitrary: fc.oneof(
        anyBytes,
        brackets.map((text) => Buffer.from(text)),
      ),
    },
  )

const CRLF = '\r\n'
const part = fc
  .tuple(
    image,
    fc.constantFrom(
      'name="a"; filename="a.png"',
      'name="a"',
      'filename="a"',
      'name=""; filename=""',
      'name="__proto__"; filename="x"',
      '',
    ),
    fc.constantFrom(
      '',
      'Content-Type: image/png\r\n',
      'Content-Transfer-Encoding: base64\r\n',
      'X\r\n',
      `X: ${'x'.repeat(9000)}\r\n`,
    ),
  )
  .map(([bytes, disposition, more]) =>
    Buffer.concat([
      Buffer.from(`--b${CRLF}Content-Disposition: form-data; ${disposition}${CRLF}${more}${CRLF}`),
      bytes,
      Buffer.from(CRLF),
    ]),
  )
const form = fc
  .tuple(
    fc.array(part, { maxLength: 4 }),
    fc.constantFrom('--b--\r\n', '--b--\r\n', '--b', '', '--b\r\n\r\n'),
  )
  .map(([parts, end]) => Buffer.concat([...parts, Buffer.from(end)]))

/** The right one, or seldom another. */
const mostly = <Value>(right: Value, ...others: Value[]) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(right) }, { weight: 1, arbitrary: fc.constantFrom(...others) })

/** An inference request that is right but for one of its values, or for the bytes behind it. */
const tensors = fc
  .record({
    count: mostly<number | string>(1, 2, 3, 0, -1, 1025, 2 ** 40, 1.5, '1'),
    datatype: mostly<string | null>('FP32', 'FP64', 'BYTES', '', null),
    name: mostly<number | string>('pixel_values', 'logits', '__proto__', 7),
    rest: mostly([1, 28, 28], [784], [28, 28, 1], [], [1e300]),
    given: mostly(1, 2, 0, 3),
    value: mostly<unknown>(0.5, 1e39, -1, null, 'x', [0], Number.NaN),
    size: mostly(0, 4, -4, 1e300, -1e9),
    told: mostly(0, 1, -1, 1e6),
    binary: fc.boolean(),
    more: fc.constantFrom(
      {},
      {},
      { outputs: [{ name: 'probabilities', parameters: { binary_data: true } }] },
      { outputs: [{ name: 'x' }] },
      { parameters: { binary_data_output: 1 } },
      { id: 'x'.repeat(1001) },
    ),
  })
  .map(({ count, datatype, name, rest, given, value, size, told, binary, more }) => {
    const bytes = Buffer.alloc(given * 4 * 784, Number.isNaN(value) ? 255 : 0)
    const body = binary
      ? { parameters: { binary_data_size: bytes.length + size } }
      : { data: Array(given * 784).fill(value) }
    const head = Buffer.from(
      JSON.stringify({ inputs: [{ name, shape: [count, ...rest], datatype, ...body }], ...more }),
    )
    if (!binary) return { bytes: head, headers: {} }
    return {
      bytes: Buffer.concat([head, bytes]),
      headers: { 'inference-header-content-length': String(head.length + told) },
    }
  })

/** A body of one of an operation's types, with the headers that belong to it; sometimes of another type. */
export function bodyFor(content: Content): fc.Arbitrary<Body> {
  const kinds = Object.entries(content).map(([type, { schema }]) => bodyOf(type, schema))
  if (content['application/octet-stream'] && content['application/json']) {
    const type = fc.constantFrom('application/octet-stream', 'application/json')
    kinds.push(fc.tuple(tensors, type).map(([{ bytes, headers }, type]) => ({ type, bytes, headers })))
  }
  const types = fc.constantFrom(
    'text/plain',
    'application/xml',
    'image/png',
    'application/json',
    'multipart/form-data',
    'x',
    '__proto__',
    ';',
    'application/json; charset=utf-7',
  )
  return fc
    .tuple(
      fc.oneof(...kinds),
      fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: types }),
    )
    .map(([body, other]) => (other === null ? body : { ...body, type: other }))
}

function bodyOf(type: string, schema: Schema): fc.Arbitrary<Body> {
  const of = (bytes: fc.Arbitrary<Buffer>, told: fc.Arbitrary<string>) =>
    fc.record({ type: told, bytes, headers: fc.constant({}) })
  if (type === 'application/json')
    return of(jsonBody(schema), fc.constantFrom(type, `${type}; charset=utf-8`))
  if (type === 'multipart/form-data') {
    return of(
      damaged(form),
      fc.constantFrom(
        `${type}; boundary=b`,
        `${type}; boundary=b`,
        `${type}; boundary="b"`,
        type,
        `${type}; boundary=${'b'.repeat(300)}`,
      ),
    )
  }
  return of(image, fc.constantFrom('image/png', 'image/jpeg', 'image/x', 'application/octet-stream'))
}
