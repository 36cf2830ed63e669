import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AtelierError } from '../core/errors.js'
import { sizeOf } from '../core/shape.js'
import type { StoredValues } from './dtypes.js'
import { readSafetensors, type StoredTensor, writeSafetensors } from './safetensors.js'

let folder: string
let path: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-safetensors-'))
  path = join(folder, 'model.safetensors')
})
afterAll(() => rm(folder, { recursive: true }))

const shapes = fc.array(fc.nat(4), { maxLength: 3 })
const arrays = (length: number): fc.Arbitrary<StoredValues> => {
  const exactly = { minLength: length, maxLength: length }
  return fc.oneof<fc.Arbitrary<StoredValues>[]>(
    fc.float32Array(exactly),
    fc.float64Array(exactly),
    fc.uint8Array(exactly),
    fc.uint32Array(exactly),
    fc.int32Array(exactly),
    fc.bigInt64Array(exactly),
  )
}
const tensors: fc.Arbitrary<StoredTensor> = shapes.chain((shape) =>
  arrays(sizeOf(shape)).map((data) => ({ shape, data })),
)
const names = fc.string({ unit: 'binary' }).filter((name) => name !== '__metadata__')
const uniqueFiles = fc
  .uniqueArray(fc.tuple(names, tensors), { selector: ([name]) => name, maxLength: 5 })
  .map((list) => new Map(list))

/** A file of the format's three parts, written by hand. */
const assemble = (header: unknown, data: Uint8Array = new Uint8Array()): Buffer => {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  return Buffer.concat([length, json, data])
}
const reading = async (bytes: Uint8Array) => {
  await writeFile(path, bytes)
  return readSafetensors(path)
}

describe('safetensors files', () => {
  it('give back what was written, to the bit', async () => {
    await fc.assert(
      fc.asyncProperty(uniqueFiles, fc.dictionary(names, fc.string()), async (written, metadata) => {
        await writeSafetensors(path, written, metadata)
        const read = await readSafetensors(path)
        expect({ ...read.metadata }).toEqual({ ...metadata })
        expect([...read.tensors.keys()].sort()).toEqual([...written.keys()].sort())
        for (const [name, { shape, data }] of written) {
          const tensor = read.tensors.get(name)
          expect(tensor?.shape).toEqual(shape)
          expect(tensor?.data.constructor).toBe(data.constructor)
          expect(Buffer.from(tensor?.data.buffer as ArrayBuffer)).toEqual(
            Buffer.from(data.buffer as ArrayBuffer),
          )
        }
      }),
      { numRuns: 60 },
    )
  })

  it('are these bytes: length, JSON padded to 8 with a checksum, values in the order given', async () => {
    const view = new Float32Array([7, 1.5, -2, 7]).subarray(1, 3)
    const written = new Map<string, StoredTensor>([
      ['b', { shape: [2], data: view }],
      ['a', { shape: [], data: Uint8Array.of(9) }],
    ])
    await writeSafetensors(path, written, { seed: '1' })
    const bytes = await readFile(path)
    const length = Number(bytes.readBigUInt64LE())
    expect(length % 8).toBe(0)
    // That of Python's zlib, of the bytes with eight zeros in its place.
    const sum = 'f8fa47af'
    const json =
      `{"__metadata__":{"atelier.checksum":"crc32","atelier.crc32":"${sum}","seed":"1"},` +
      '"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},' +
      '"a":{"dtype":"U8","shape":[],"data_offsets":[8,9]}}'
    expect(bytes.subarray(8, 8 + length).toString()).toBe(json.padEnd(length))
    expect(bytes.subarray(8 + length).toString('hex')).toBe('0000c03f000000c009')
  })

  it('hold f32 values as f16 where told, beside others', async () => {
    const data = new Float32Array([1, 0.1, -(2 ** -24)])
    const written = new Map<string, StoredTensor>([
      ['half', { shape: [3], data, as: 'F16' }],
      ['whole', { shape: [3], data }],
    ])
    await writeSafetensors(path, written)
    const { tensors } = await readSafetensors(path)
    expect(tensors.get('half')).toEqual({
      dtype: 'F16',
      shape: [3],
      data: new Float32Array([1, 0.0999755859375, -(2 ** -24)]),
    })
    expect(tensors.get('whole')).toEqual({ dtype: 'F32', shape: [3], data })
  })

  it('are not written where a value overflows f16', async () => {
    const tensor = { shape: [2], data: new Float32Array([1, 7e4]), as: 'F16' } as const
    await rm(path, { force: true })
    await expect(writeSafetensors(path, new Map([['large', tensor]]))).rejects.toThrow(
      /tensor large: expected values that fit into f16, received 70000 is beyond 65504/,
    )
    await expect(readFile(path)).rejects.toThrow()
  })

  it('widen half-precision values and read tensors at odd offsets', async () => {
    const halves = Buffer.from(new Uint16Array([0x3c00, 0xc000, 0x0001, 0x7bff, 0xfc00, 0x3555]).buffer)
    const brains = Buffer.from(new Uint16Array([0x3f80, 0xc000, 0x4049]).buffer)
    const header = {
      byte: { dtype: 'U8', shape: [1], data_offsets: [0, 1] },
      brain: { dtype: 'BF16', shape: [3], data_offsets: [1, 7] },
      half: { dtype: 'F16', shape: [6], data_offsets: [7, 19] },
    }
    const { tensors } = await reading(assemble(header, Buffer.concat([Uint8Array.of(5), brains, halves])))
    expect([...tensors.keys()]).toEqual(['byte', 'brain', 'half'])
    expect(tensors.get('brain')?.data).toEqual(new Float32Array([1, -2, 3.140625]))
    const expected = [1, -2, 2 ** -24, 65504, Number.NEGATIVE_INFINITY, 0.333251953125]
    expect(tensors.get('half')?.data).toEqual(new Float32Array(expected))
  })
})

describe('a damaged or hostile file', () => {
  const entry = (begin: number, end: number, shape = [(end - begin) / 4], dtype = 'F32') => ({
    dtype,
    shape,
    data_offsets: [begin, end],
  })
  const eight = new Uint8Array(8)

  it.each<[string, Uint8Array, RegExp]>([
    ['is empty', new Uint8Array(), /length: expected at least 8 bytes, received 0/],
    [
      'has a giant header',
      Buffer.alloc(16, 0xff),
      /length of the header: expected at most 8 bytes, received 18446744073709551615/,
    ],
    ['is not JSON', assemble('{"a":'), /header: expected JSON/],
    [
      'is nested without end',
      assemble(`{"a":{"dtype":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`),
      /dtype of "a": expected F64, .* received an array/,
    ],
    [
      'has an endless string',
      assemble(`{"__metadata__":{"a":"${'\\n'.repeat(5_000_000)}"}}`),
      /header: expected tensors by name, received JSON that is nested too deeply or too long/,
    ],
    ['is an array', assemble('[1]'), /header: expected a JSON object, received \[1\]/],
    ['is not UTF-8', assemble('{}').fill(0xff, 8), /header: expected UTF-8/],
    [
      'names a tensor twice',
      assemble('{"a": {"dtype":"F32","shape":[0],"data_offsets":[0,0]}, "\\u0061" : {}}'),
      /every name once, received "a" twice/,
    ],
    ['has other metadata', assemble({ __metadata__: { a: 1 } }), /__metadata__ "a": expected a string/],
    [
      'has an unknown type',
      assemble({ a: entry(0, 8, [2], 'F31') }, eight),
      /dtype of "a": expected F64, .* received "F31"/,
    ],
    ['has an inherited type', assemble({ a: entry(0, 8, [2], 'toString') }, eight), /received "toString"/],
    ['has a negative extent', assemble({ a: entry(0, 8, [-2]) }, eight), /shape of "a".*received \[-2\]/],
    ['has a fractional extent', assemble({ a: entry(0, 8, [0.5]) }, eight), /shape of "a"/],
    ['lacks a shape', assemble({ a: { dtype: 'F32' } }), /shape of "a".*received nothing/],
    ['is no entry', assemble({ a: 3 }), /dtype of "a".*received nothing/],
    ['ends before it begins', assemble({ a: entry(8, 0, [2]) }, eight), /a begin and an end after it/],
    [
      'states another size',
      assemble({ a: entry(0, 8, [3]) }, eight),
      /data_offsets of "a": expected 12 bytes \(F32, 3\), received 8/,
    ],
    [
      'overflows',
      assemble({ a: entry(0, 8, [2 ** 53 - 1, 2 ** 53 - 1]) }, eight),
      /data_offsets of "a": expected .* received 8/,
    ],
    [
      'overlaps',
      assemble({ a: entry(0, 8), b: entry(4, 12) }, new Uint8Array(12)),
      /data_offsets of "b": expected a begin at 8, received 4/,
    ],
    [
      'has a hole',
      assemble({ a: entry(0, 4), b: entry(8, 12) }, new Uint8Array(12)),
      /data_offsets of "b": expected a begin at 4, received 8/,
    ],
    [
      'is cut short',
      assemble({ a: entry(0, 12) }, eight),
      /length of the data: expected 12 bytes by its header, received 8/,
    ],
    [
      'goes on after the last tensor',
      assemble({ a: entry(0, 4) }, eight),
      /length of the data: expected 4 bytes by its header, received 8/,
    ],
  ])('that %s is refused', async (_, bytes, message) => {
    const failure = await reading(bytes).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(AtelierError)
    expect((failure as AtelierError).message).toMatch(message)
    expect((failure as AtelierError).message).toContain(path)
  })

  const tensor = { shape: [3], data: new Float32Array([1, 2, 3]) }
  const written = async (): Promise<Buffer> => {
    await writeSafetensors(path, new Map([['layer.weight', tensor]]), { note: 'x' })
    return readFile(path)
  }

  it('is refused, wherever a bit is flipped, wherever it is cut, and whatever follows it', async () => {
    const good = await written()
    for (let at = 0; at < good.length; at++) {
      const bytes = Uint8Array.from(good)
      bytes[at]! ^= 1 << (at % 8)
      await expect(reading(bytes), `flipped in byte ${at}`).rejects.toThrow(AtelierError)
      await expect(reading(good.subarray(0, at)), `cut at ${at}`).rejects.toThrow(AtelierError)
    }
    await expect(reading(Buffer.concat([good, Buffer.alloc(1)]))).rejects.toThrow(AtelierError)
  })

  it('says that it is damaged, and what to do', async () => {
    const good = await written()
    good[good.length - 1]! ^= 1
    await expect(reading(good)).rejects.toThrow(
      /model.safetensors: expected the bytes it was written with, received others \(their CRC-32 is [\da-f]{8}\). The file is damaged: take a copy/,
    )
  })

  it('is opened where it has no checksum, as older ones and those of other programs', async () => {
    const header = { __metadata__: { note: 'x' }, a: entry(0, 4) }
    const { metadata } = await reading(assemble(header, new Uint8Array(4)))
    expect({ ...metadata }).toEqual({ note: 'x' })
  })

  it('is refused when it is a folder or missing', async () => {
    await expect(readSafetensors(folder)).rejects.toThrow(/expected a file, received a folder/)
    await expect(readSafetensors(join(folder, 'none'))).rejects.toThrow(
      /expected a readable safetensors file, received ENOENT/,
    )
  })
})
