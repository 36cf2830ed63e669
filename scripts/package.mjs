// `npm run package`: packs what is published, the package and the packages of weights too large for it, into packages/.
// `npm publish packages/FILE.tgz` publishes one.
import './lib/node-version.mjs'
import { join } from 'node:path'
import { PACKAGES, pack, packProject, stagePackage } from './lib/package.mjs'
import { main, root } from './lib/shell.mjs'

/** Models whose weights are packages of their own. */
const LARGE = ['resnet50']

main(() => {
  packProject()
  for (const model of LARGE) pack(weightsFolder(model))
})

/**
 * The package of a model's released weights; src/runs/weights-packages.ts finds it by its name.
 *
 * @param {string} model
 */
function weightsFolder(model) {
  return stagePackage(join(PACKAGES, `weights-${model}`), {
    manifest: {
      name: `atelier-weights-${model}`,
      description: `Trained weights of ${model} on Fashion-MNIST, for the package atelier`,
      keywords: ['atelier', 'fashion-mnist', 'weights'],
    },
    copy: [join(root, 'pretrained', model)],
  })
}
