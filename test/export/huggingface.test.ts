/** transformers.js, from files alone, on the folder that Atelier wrote for it. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { env, pipeline } from '@huggingface/transformers'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { argmax } from '../../src/core/logits.js'
import { loadDataset } from '../../src/data/dataset.js'
import { exportHuggingFace } from '../../src/export/huggingface/folder.js'
import { modelNames } from '../../src/models/names.js'
import { native } from '../conformance/engines.js'
import { brieflyTrained } from '../support/briefly-trained.js'
import { temporaryFolder } from '../support/folder.js'
import { checkerComplaints, hasChecker } from '../support/onnx.js'

const count = 20
type Answer = readonly { readonly label: string; readonly score: number }[]

describe.skipIf(native.engine === null)(`transformers.js against the ${native.label}`, () => {
  it.each(modelNames)(
    'classifies image files by %s, with the same probabilities',
    async (name) => {
      if (native.engine === null) return
      const folder = await temporaryFolder()
      const { test, classes } = await loadDataset()
      const model = await brieflyTrained(join(folder, 'runs'), name, native.engine)
      await exportHuggingFace(model, join(folder, 'models', name), { precision: 'f16', checker: null })
      const graphs = join(folder, 'models', name, 'onnx')
      for (const file of hasChecker ? await readdir(graphs) : []) {
        expect(checkerComplaints(join(graphs, file)), file).toBe('')
      }
      const { graph, scaling } = model
      const classifier = await native.engine.classifier(graph, { precision: 'f32', scaling })
      await classifier.load(await model.readWeights())
      const logits = await classifier.logits(test.images.subarray(0, count * 784), count)
      classifier.dispose()

      env.allowRemoteModels = false
      env.localModelPath = join(folder, 'models')
      for (const [dtype, tolerance] of [
        ['fp32', 5e-5],
        ['fp16', 0.02],
      ] as const) {
        const classify = await pipeline('image-classification', name, { dtype })
        for (let i = 0; i < count; i++) {
          const file = join(folder, 'image.png')
          const raw = { width: 28, height: 28, channels: 1 } as const
          await sharp(test.images.slice(i * 784, (i + 1) * 784), { raw })
            .png()
            .toFile(file)
          const [best] = (await classify(file, { top_k: 1 })) as Answer
          const row = logits.subarray(10 * i, 10 * (i + 1))
          const total = row.reduce((sum, logit) => sum + Math.exp(logit - Math.max(...row)), 0)
          // Half precision may put either of two classes first that are as likely.
          if (dtype === 'fp32') expect(best?.label).toBe(classes[argmax(row)])
          expect(Math.abs((best?.score ?? 0) - 1 / total)).toBeLessThan(tolerance)
        }
      }
    },
    300_000,
  )
})
