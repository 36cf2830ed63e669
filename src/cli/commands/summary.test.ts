import { expect, it } from 'vitest'
import { atelier } from '../../../test/support/command-line.js'

it.each([
  ['nn', 101_770, 101_770],
  ['dnn', 280_458, 278_378],
  ['cnn', 13_017_770, 13_016_106],
  ['resnet50', 26_313_218, 26_267_778],
])('of %s has the published totals', async (model, parameters, trainable) => {
  const { code, stdout } = await atelier('summary', model, '--json')
  expect(code).toBe(0)
  const summary = JSON.parse(stdout)
  expect(summary).toMatchObject({ model, parameters, trainable })
  const sum = (key: 'parameters' | 'trainable'): number =>
    summary.layers.reduce((total: number, layer: Record<typeof key, number>) => total + layer[key], 0)
  expect([sum('parameters'), sum('trainable')]).toEqual([parameters, trainable])
})

it('prints a chain as Keras does', async () => {
  const { stdout } = await atelier('summary', 'dnn')
  expect(stdout).toBe(`Model dnn

Layer                  Kind                Output shape  Parameters
───────────────────────────────────────────────────────────────────
input                  input                28 x 28 x 1           0
flatten_1              flatten                      784           0
batch_normalization_1  batchNormalization           784       3,136
dense_1                dense                        256     200,960
batch_normalization_2  batchNormalization           256       1,024
dense_2                dense                        192      49,344
dense_3                dense                        128      24,704
dense_4                dense                         10       1,290
───────────────────────────────────────────────────────────────────
Parameters     280,458  1.12 MB
Trainable      278,378
Not trainable    2,080
`)
})

it('says what a layer reads where that is not the one above', async () => {
  const { stdout } = await atelier('summary', 'resnet50')
  expect(stdout).toMatch(/^stage1_block1_shortcut_conv2d_1 .* 16,640 {2}max_pooling2d_1$/m)
  expect(stdout).toMatch(
    /^stage1_block2_add .* 0 {2}stage1_block2_batch_normalization_3, stage1_block1_relu$/m,
  )
  expect(stdout).toMatch(/^stage1_block1_relu +relu +7 x 7 x 256 +0$/m)
})

it.each([
  ['nn', 2, 100_738],
  ['nn', 26, 103_834],
  ['dnn', 47, 285_231],
  ['cnn', 26, 13_019_834],
  ['resnet50', 2, 26_305_210],
])('of %s for %d classes counts another last layer', async (model, classes, parameters) => {
  const { stdout } = await atelier('summary', model, '--classes', String(classes), '--json')
  expect(JSON.parse(stdout)).toMatchObject({ parameters })
})

it("refuses classes of a model that is not Atelier's own", async () => {
  const { code, stderr } = await atelier('summary', 'examples/tiny.ts', '--classes', '26')
  expect(code).toBe(2)
  expect(stderr).toContain("--classes: expected one of Atelier's own models, whose last layer fits the data")
})
