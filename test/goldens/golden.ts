/** Reads the goldens of this folder: safetensors files that the Python scripts beside them made. */
import { fileURLToPath } from 'node:url'
import type { z } from 'zod'
import { readSafetensors } from '../../src/checkpoint/safetensors.js'

export interface Golden<Metadata> {
  readonly metadata: Metadata
  /** Every tensor as doubles; those stored in single precision hold their values exactly. */
  readonly values: ReadonlyMap<string, Float64Array>
}

export async function readGolden<T extends z.ZodType>(name: string, schema: T): Promise<Golden<z.infer<T>>> {
  const path = fileURLToPath(new URL(`${name}.safetensors`, import.meta.url))
  const { tensors, metadata } = await readSafetensors(path)
  const values = new Map<string, Float64Array>()
  for (const [key, { data }] of tensors) {
    if (data instanceof BigInt64Array) throw new Error(`${path}: ${key} holds 64-bit integers`)
    values.set(key, Float64Array.from(data))
  }
  return { metadata: schema.parse(JSON.parse(metadata.golden ?? '{}')), values }
}

/** The tensor of that name. */
export function valuesOf(golden: Golden<unknown>, name: string): Float64Array {
  const values = golden.values.get(name)
  if (!values) throw new Error(`the golden has no tensor ${name}`)
  return values
}
