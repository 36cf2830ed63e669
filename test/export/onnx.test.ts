/** The four models as ONNX files, by others' code: onnxruntime on test images, and the checker of ONNX. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/engine.js'
import type { Agreement } from '../../src/export/check.js'
import { exportOnnx } from '../../src/export/onnx.js'
import { type ModelName, modelNames } from '../../src/models/index.js'
import { native, wasmCandidate } from '../conformance/engines.js'
import { brieflyTrained } from '../support/briefly-trained.js'
import { fewTestImages } from '../support/few-test-images.js'
import { temporaryFolder } from '../support/folder.js'
import { checkerComplaints, hasChecker } from '../support/onnx.js'

const checking = hasChecker ? 'passes the ONNX checker' : 'skips the ONNX checker (no python3-onnx)'

/** Of nn and dnn all test images, which take a moment. */
const imagesOf = (name: ModelName, others: number): number =>
  name === 'nn' || name === 'dnn' ? 10_000 : others

/** onnxruntime and the engine give the same classes, and the same logits within the tolerance. */
function expectAgreement(agreement: Agreement | null, n: number): void {
  expect(agreement).toMatchObject({ n, sameClass: n })
  const { largestDifference = 1, largestLogit = 0, accuracy, engineAccuracy } = agreement ?? {}
  expect(largestDifference).toBeLessThan(1e-3 * Math.max(1, largestLogit))
  expect(accuracy).toBe(engineAccuracy)
}

describe(`against the ${wasmCandidate.label}`, () => {
  it.each(modelNames)(
    '%s gives the same classes and logits',
    async (name) => {
      const folder = await temporaryFolder()
      const engine = wasmCandidate.engine as Engine
      const n = imagesOf(name, 200)
      // Trained by the faster one: it is the weights that matter.
      const model = await brieflyTrained(folder, name, native.engine ?? engine)
      const checker = { dataset: await fewTestImages(n), engine }
      expectAgreement(await exportOnnx(model, join(folder, 'model.onnx'), { precision: 'f32', checker }), n)
    },
    600_000,
  )
})

describe.skipIf(native.engine === null)(`against the ${native.label}`, () => {
  it.each(modelNames)(
    `%s gives the same classes and logits, and ${checking}`,
    async (name) => {
      const folder = await temporaryFolder()
      const engine = native.engine as Engine
      const n = imagesOf(name, 1000)
      const dataset = await fewTestImages(n)
      const model = await brieflyTrained(folder, name, engine)
      const file = join(folder, 'model.onnx')
      const checker = { dataset, engine }
      expectAgreement(await exportOnnx(model, file, { precision: 'f32', checker }), n)
      const files = [file]
      for (const variant of [{ precision: 'f16' }, { precision: 'int8' }, { activations: true }] as const) {
        const path = join(folder, `${Object.values(variant).join()}.onnx`)
        await exportOnnx(model, path, { precision: 'f32', ...variant, checker: null })
        files.push(path)
      }
      if (hasChecker) for (const path of files) expect(checkerComplaints(path)).toBe('')
      const [whole = 0, half = 0, quarter = 0] = await Promise.all(
        files.map(async (path) => (await stat(path)).size),
      )
      expect(half).toBeLessThan(0.52 * whole)
      expect(quarter).toBeLessThan(0.29 * whole)
    },
    600_000,
  )
})
