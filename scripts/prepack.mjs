// What `npm pack` and `npm publish` run first: brings dist/ up to date, since the package holds nothing else to run, and adds the
// licences of what is bundled there.
import './lib/node-version.mjs'
import { writeLicences } from './lib/licences.mjs'
import { main } from './lib/shell.mjs'
import { buildStudio } from './lib/studio.mjs'
import { buildTypeScript } from './lib/typescript.mjs'

main(() => {
  buildTypeScript()
  buildStudio()
  writeLicences()
})
