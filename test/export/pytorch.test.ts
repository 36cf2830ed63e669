/** PyTorch on weights that it reads by hand, as examples/load_safetensors.py does. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { countCorrect } from '../../src/core/logits.js'
import { loadDataset } from '../../src/data/dataset.js'
import { exportSafetensors } from '../../src/export/safetensors.js'
import { modelNames } from '../../src/models/index.js'
import { native } from '../conformance/engines.js'
import { brieflyTrained } from '../support/briefly-trained.js'
import { temporaryFolder } from '../support/folder.js'

const python = '/usr/bin/python3'
const hasTorch = spawnSync(python, ['-c', 'import torch']).status === 0
const label = hasTorch ? 'PyTorch' : 'PyTorch, skipped: /usr/bin/python3 has no torch'
const count = 1000

describe.skipIf(native.engine === null || !hasTorch)(`${label} against the ${native.label}`, () => {
  it.each(modelNames)(
    'gets the accuracy of %s',
    async (name) => {
      if (native.engine === null) return
      const folder = await temporaryFolder()
      const { test, directory } = await loadDataset()
      const model = await brieflyTrained(folder, name, native.engine)
      const file = join(folder, 'model.safetensors')
      await exportSafetensors(model, file, 'f32')
      const { graph, scaling } = model
      const classifier = await native.engine.classifier(graph, { precision: 'f32', scaling })
      await classifier.load(await model.readWeights())
      const logits = await classifier.logits(test.images.subarray(0, count * 784), count)
      classifier.dispose()
      const correct = countCorrect(logits, test.labels.subarray(0, count))
      const args = ['examples/load_safetensors.py', file, '--data', directory, '--limit', String(count)]
      const { stdout, stderr } = spawnSync(python, args, { encoding: 'utf8' })
      expect(stderr).toBe('')
      expect(stdout).toContain(`${name}: ${correct} of ${count} test images right`)
    },
    300_000,
  )
})
