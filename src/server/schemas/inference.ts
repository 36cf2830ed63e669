/** The Open Inference Protocol, version 2, and its binary tensor extension. */
import { z } from 'zod'
import { wholeText } from './common.js'

export const inferParams = z.strictObject({
  model: z.string().min(1).max(200),
})
export const inferVersionParams = z.strictObject({
  model: z.string().min(1).max(200),
  version: z.string().min(1).max(20),
})

/** Of the binary tensor extension: how many bytes of the body are JSON; without it, all are. */
export const inferHeaders = z.object({ 'Inference-Header-Content-Length': wholeText().optional() })

/** What an answer of the binary tensor extension tells of a tensor. */
const parameters = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))

/**
 * Parameters of requests that change no answer here: models keep nothing between requests, and tensors are NumPy's. One
 * that is not known, such as Triton's `classification`, would: it is refused.
 */
const anyValue = z.union([z.string(), z.number(), z.boolean()]).optional()
const ofRequests = {
  sequence_id: anyValue,
  sequence_start: anyValue,
  sequence_end: anyValue,
  priority: anyValue,
  timeout: anyValue,
}
const ofTensors = { content_type: z.literal('np').optional() }

export const liveSchema = z.strictObject({ live: z.boolean() })
export const readySchema = z.strictObject({ ready: z.boolean() })
export const modelReadySchema = z.strictObject({ name: z.string(), ready: z.boolean() })

export const serverMetadataSchema = z.strictObject({
  name: z.string(),
  version: z.string(),
  extensions: z.array(z.string()),
})

const tensorMetadata = z.strictObject({
  name: z.string(),
  datatype: z.string(),
  /** -1: any extent. */
  shape: z.array(z.int()),
})
export const modelMetadataSchema = z.strictObject({
  name: z.string(),
  versions: z.array(z.string()),
  platform: z.string(),
  inputs: z.array(tensorMetadata),
  outputs: z.array(tensorMetadata),
})
export type ModelMetadata = z.infer<typeof modelMetadataSchema>

/** Tensor data: flat, or nested as the shape says. */
const data = z.array(z.unknown())

export const inferRequestSchema = z.object({
  id: z.string().max(1000).optional(),
  /** binary_data_output: outputs come as bytes unless they say otherwise. */
  parameters: z
    .strictObject({ binary_data_output: z.boolean().optional(), ...ofRequests, ...ofTensors })
    .optional(),
  inputs: z
    .array(
      z.object({
        name: z.string(),
        shape: z.array(z.int().min(0)).max(8),
        datatype: z.string(),
        /** binary_data_size: so many bytes after the JSON hold this tensor. */
        parameters: z.strictObject({ binary_data_size: z.int().min(0).optional(), ...ofTensors }).optional(),
        data: data.optional(),
      }),
    )
    .max(16),
  outputs: z
    .array(
      z.object({
        name: z.string(),
        /** binary_data: the tensor comes as bytes after the JSON. */
        parameters: z.strictObject({ binary_data: z.boolean().optional(), ...ofTensors }).optional(),
      }),
    )
    .max(16)
    .optional(),
})
export type InferRequest = z.infer<typeof inferRequestSchema>

export const inferResponseSchema = z.strictObject({
  model_name: z.string(),
  model_version: z.string(),
  id: z.string().optional(),
  outputs: z.array(
    z.strictObject({
      name: z.string(),
      shape: z.array(z.int()),
      datatype: z.string(),
      parameters: parameters.optional(),
      data: z.array(z.number()).optional(),
    }),
  ),
})
export type InferResponse = z.infer<typeof inferResponseSchema>
