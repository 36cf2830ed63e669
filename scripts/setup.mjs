// `npm run setup`: makes a checkout ready to use. docs/install.md says what it does.
import './lib/node-version.mjs'
import { setUp } from './lib/setup.mjs'
import { main, say } from './lib/shell.mjs'

main(() => {
  const native = setUp({ insist: true })
  const engine = native.ok ? `the native engine with oneDNN ${native.onednn}` : 'the WebAssembly engine'
  say(`Atelier is ready, with ${engine}. Try: npx --no-install atelier --help`)
})
