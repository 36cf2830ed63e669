// `npm run build:native`: builds the native addon alone; exit code 1 says that it could not be built.
import './lib/node-version.mjs'
import { buildNative, withoutNative } from './lib/native.mjs'
import { main, say } from './lib/shell.mjs'

main(() => {
  const native = buildNative({ insist: true })
  if (native.ok) return
  say(withoutNative(native))
  process.exitCode = 1
})
