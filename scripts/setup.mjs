// `npm run setup`: makes a checkout ready to use. docs/install.md says what it does.
import './lib/node-version.mjs'
import { platform } from 'node:os'
import { setUp } from './lib/setup.mjs'
import { main, say } from './lib/shell.mjs'

main(() => {
  if (platform() === 'win32') {
    say('On Windows a checkout works without the native engine, as the package does (npm install atelier).')
    say('Building the native engine does not work here: work in the Windows Subsystem for Linux to have it.')
  }
  const native = setUp({ insist: true })
  const engine = native.ok ? `the native engine with oneDNN ${native.onednn}` : 'the WebAssembly engine'
  say(`Atelier is ready, with ${engine}. Try: npx --no-install atelier --help`)
})
