/**
 * Gives the readers of images, safetensors and weights damaged and hostile files: `npx --no-install jiti bench/fuzz.ts [COUNT] [SEED]`, for
 * each reader 100,000 unless told. Exits 1 where a reader did anything but read or refuse. Needs `npm run build`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSafetensors } from '#atelier/checkpoint/safetensors.js'
import { AtelierError } from '#atelier/core/errors.js'
import { storeGraph, weightsOf } from '#atelier/graph/graph.js'
import {
  batchNormalization,
  conv2d,
  dense,
  flatten,
  input,
  relu,
  residual,
  sequential,
} from '#atelier/graph/layers.js'
import { decodePicture } from '#atelier/photo/decode.js'
import { preparePhoto } from '#atelier/photo/prepare.js'
import { openWeightsFile } from '#atelier/runs/weights-file.js'
import * as material from './lib/fuzz-readers.js'

const [count = 100_000, seed = 1] = process.argv.slice(2).map(Number)
const folder = mkdtempSync(join(tmpdir(), 'atelier-fuzz-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const isExpected = (error: unknown) => error instanceof AtelierError
const graph = sequential(
  'small',
  input(6, 6, 1),
  conv2d(2, 3, { padding: 'same' }),
  batchNormalization(),
  relu(),
  residual('block', [conv2d(2, 1)]),
  flatten(),
  dense(3),
)
const path = join(folder, 'fuzz.safetensors')
const readers: Readonly<Record<string, Pick<material.Fuzzing, 'seeds' | 'mutate' | 'atOnce' | 'read'>>> = {
  images: {
    seeds: await material.imageSeeds(),
    mutate: material.mutateBytes,
    atOnce: 8,
    read: async (bytes) => preparePhoto(await decodePicture(bytes, 'fuzz')),
  },
  safetensors: {
    seeds: material.safetensorsSeeds(),
    mutate: material.mutateSafetensors,
    atOnce: 1,
    read: material.throughFile(path, readSafetensors),
  },
  weights: {
    seeds: material.weightsSeeds(
      storeGraph(graph),
      weightsOf(graph).map(({ name, shape }) => [name, shape] as const),
    ),
    mutate: material.mutateWeights,
    atOnce: 1,
    read: material.throughFile(path, openWeightsFile),
  },
}
for (const [name, reader] of Object.entries(readers)) {
  const began = performance.now()
  const onProgress = (done: number) => process.stderr.write(`${name}: ${done}\n`)
  const { read, refused, findings } = await material.fuzz({ ...reader, isExpected, count, seed, onProgress })
  const seconds = ((performance.now() - began) / 1000).toFixed(0)
  console.log(
    `${name}: ${count} inputs (seed ${seed}) in ${seconds} s: ${read} read, ${refused} refused, ${findings.length} findings`,
  )
  for (const { number, bytes, error } of findings.slice(0, 20)) {
    const kept = `fuzz-${name}-${seed}-${number}.bin`
    writeFileSync(kept, bytes)
    console.log(`  ${kept}: ${error instanceof Error ? error.stack : error}`)
    process.exitCode = 1
  }
}
const peak = process.resourceUsage().maxRSS / 1024
console.log(`most memory: ${peak.toFixed(0)} MB`)
