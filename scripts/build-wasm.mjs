// `npm run build:wasm`: compiles the WebAssembly engine's kernels alone, where something changed.
import './lib/node-version.mjs'
import { main } from './lib/shell.mjs'
import { buildWasm } from './lib/wasm.mjs'

main(() => buildWasm())
