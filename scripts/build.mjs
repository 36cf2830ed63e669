// `npm run build`: compiles src/ and wasm/ to dist/ alone, where something changed, and removes what no source stands for
// any more.
import './lib/node-version.mjs'
import { main } from './lib/shell.mjs'
import { buildTypeScript } from './lib/typescript.mjs'
import { buildWasm } from './lib/wasm.mjs'

main(() => {
  buildTypeScript()
  buildWasm()
})
