/** The four models as ONNX files, by others' code: onnxruntime on test images, and the checker of ONNX. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Checker } from '../../src/export/check.js'
import { exportOnnx } from '../../src/export/onnx.js'
import { modelNames } from '../../src/models/index.js'
import { native } from '../conformance/engines.js'
import { brieflyTrained } from '../support/briefly-trained.js'
import { fewTestImages } from '../support/few-test-images.js'
import { temporaryFolder } from '../support/folder.js'
import { checkerComplaints, hasChecker } from '../support/onnx.js'

const checking = hasChecker ? 'passes the ONNX checker' : 'skips the ONNX checker (no python3-onnx)'

describe.skipIf(native.engine === null)(`against the ${native.label}`, () => {
  it.each(modelNames)(
    `%s gives the same classes and logits, and ${checking}`,
    async (name) => {
      const folder = await temporaryFolder()
      const engine = native.engine as Checker['engine']
      // All of them where they take a moment.
      const n = name === 'nn' || name === 'dnn' ? 10_000 : 1000
      const dataset = await fewTestImages(n)
      const model = await brieflyTrained(folder, name, engine)
      const file = join(folder, 'model.onnx')
      const checker = { dataset, engine }
      const agreement = await exportOnnx(model, file, { precision: 'f32', checker })
      expect(agreement).toMatchObject({ n, sameClass: n })
      const { largestDifference = 1, largestLogit = 0, accuracy, engineAccuracy } = agreement ?? {}
      expect(largestDifference).toBeLessThan(1e-3 * Math.max(1, largestLogit))
      expect(accuracy).toBe(engineAccuracy)
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
