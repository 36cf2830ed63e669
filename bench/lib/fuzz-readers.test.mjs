import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readSafetensors } from '../../src/checkpoint/safetensors.js'
import { AtelierError } from '../../src/core/errors.js'
import { storeGraph, weightsOf } from '../../src/graph/graph.js'
import { dense, flatten, input, sequential } from '../../src/graph/layers.js'
import { decodePicture } from '../../src/photo/decode.js'
import { preparePhoto } from '../../src/photo/prepare.js'
import { openWeightsFile } from '../../src/runs/weights-file.js'
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
} from './fuzz-readers.mjs'

const isExpected = (error) => error instanceof AtelierError

it('reads or refuses damaged images', async () => {
  const seeds = await imageSeeds()
  for (const bytes of seeds) expect((await decodePicture(bytes, 'seed')).width).toBeGreaterThan(0)
  const read = async (bytes) => preparePhoto(await decodePicture(bytes, 'fuzz'))
  const options = { seeds, mutate: mutateBytes, read, isExpected, count: 600, seed: 2, atOnce: 4 }
  const result = await fuzz(options)
  expect(result.findings).toEqual([])
  expect(Math.min(result.read, result.refused)).toBeGreaterThan(20)
})

it('reads or refuses damaged safetensors', async () => {
  const read = throughFile(join(await temporaryFolder(), 'fuzz.safetensors'), readSafetensors)
  const [valid] = safetensorsSeeds()
  await read(valid)
  const options = { seeds: [valid], mutate: mutateSafetensors, read, isExpected, seed: 2, atOnce: 1 }
  const result = await fuzz({ ...options, count: 2000 })
  expect(result.findings).toEqual([])
  expect(Math.min(result.read, result.refused)).toBeGreaterThan(5)
})

it('reads or refuses damaged weights of a model', async () => {
  const read = throughFile(join(await temporaryFolder(), 'fuzz.safetensors'), openWeightsFile)
  const graph = sequential('small', input(4, 4, 1), flatten(), dense(3))
  const seeds = weightsSeeds(
    storeGraph(graph),
    weightsOf(graph).map(({ name, shape }) => [name, shape]),
  )
  await read(seeds[0])
  const options = { seeds, mutate: mutateWeights, read, isExpected, count: 1000, seed: 2, atOnce: 1 }
  const result = await fuzz(options)
  expect(result.findings).toEqual([])
  expect(Math.min(result.read, result.refused)).toBeGreaterThan(20)
})

it('finds a reader that throws something else', async () => {
  const read = async (bytes) => {
    if (bytes.length % 2 === 0) throw new TypeError('no user wants to read this')
  }
  const options = { seeds: [Buffer.alloc(9)], mutate: mutateBytes, read, isExpected, seed: 1, atOnce: 2 }
  const { findings } = await fuzz({ ...options, count: 50 })
  expect(findings.length).toBeGreaterThan(0)
  expect(findings[0].error).toBeInstanceOf(TypeError)
})
