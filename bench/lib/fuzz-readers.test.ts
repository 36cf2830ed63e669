import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readSafetensors } from '#atelier/checkpoint/safetensors.js'
import { AtelierError } from '#atelier/core/errors.js'
import { storeGraph, weightsOf } from '#atelier/graph/graph.js'
import { dense, flatten, input, sequential } from '#atelier/graph/layers.js'
import { decodePicture } from '#atelier/photo/decode.js'
import { preparePhoto } from '#atelier/photo/prepare.js'
import { openWeightsFile } from '#atelier/runs/weights-file.js'
import { temporaryFolder } from '../../test/support/folder.js'
import {
  fuzz,
  imageSeeds,
  mutateBytes,
  mutateSafetensors,
  mutateWeights,
  safetensorsSeeds,
  throughFile,
  weightsSeeds,
} from './fuzz-readers.js'

const isExpected = (error: unknown) => error instanceof AtelierError

it('reads or refuses damaged images', async () => {
  const seeds = await imageSeeds()
  for (const bytes of seeds) expect((await decodePicture(bytes, 'seed')).width).toBeGreaterThan(0)
  const read = async (bytes: Buffer) => preparePhoto(await decodePicture(bytes, 'fuzz'))
  const options = { seeds, mutate: mutateBytes, read, isExpected, count: 600, seed: 2, atOnce: 4 }
  const result = await fuzz(options)
  expect(result.findings).toEqual([])
  expect(Math.min(result.read, result.refused)).toBeGreaterThan(20)
})

it('reads or refuses damaged safetensors', async () => {
  const read = throughFile(join(await temporaryFolder(), 'fuzz.safetensors'), readSafetensors)
  const seeds = safetensorsSeeds()
  for (const bytes of seeds) await read(bytes)
  const options = { seeds, mutate: mutateSafetensors, read, isExpected, seed: 2, atOnce: 1 }
  const result = await fuzz({ ...options, count: 2000 })
  expect(result.findings).toEqual([])
  expect(Math.min(result.read, result.refused)).toBeGreaterThan(5)
})

it('reads or refuses damaged weights of a model', async () => {
  const read = throughFile(join(await temporaryFolder(), 'fuzz.safetensors'), openWeightsFile)
  const graph = sequential('small', input(4, 4, 1), flatten(), dense(3))
  const seeds = weightsSeeds(
    storeGraph(graph),
    weightsOf(graph).map(({ name, shape }) => [name, shape] as const),
  )
  for (const bytes of seeds) await read(bytes)
  const options = { seeds, mutate: mutateWeights, read, isExpected, count: 1000, seed: 2, atOnce: 1 }
  const result = await fuzz(options)
  expect(result.findings).toEqual([])
  expect(Math.min(result.read, result.refused)).toBeGreaterThan(20)
})

it('finds a reader that throws something else', async () => {
  const read = async (bytes: Buffer) => {
    if (bytes.length % 2 === 0) throw new TypeError('no user wants to read this')
  }
  const options = { seeds: [Buffer.alloc(9)], mutate: mutateBytes, read, isExpected, seed: 1, atOnce: 2 }
  const { findings } = await fuzz({ ...options, count: 50 })
  expect(findings.length).toBeGreaterThan(0)
  expect(findings[0]?.error).toBeInstanceOf(TypeError)
})
