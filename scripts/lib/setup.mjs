// Everything between a fresh clone and a command that works, each step only when it is needed.
import { installDependencies } from './dependencies.mjs'
import { buildNative, withoutNative } from './native.mjs'
import { installSystemPackages } from './packages.mjs'
import { say } from './shell.mjs'
import { buildStudio } from './studio.mjs'
import { buildTypeScript, linkCommand } from './typescript.mjs'
import { buildWasm } from './wasm.mjs'

/**
 * purpose: `run`, or `test`, which may need more system packages. insist: repeat what failed the last time
 * although nothing changed since. The result is the native engine's status.
 *
 * @param {{ purpose?: import('./packages.mjs').Purpose, insist?: boolean }} [options]
 */
export function setUp({ purpose = 'run', insist = false } = {}) {
  installDependencies()
  const failed = installSystemPackages(purpose, insist)
  const native = buildNative({ insist, noOnednn: failed.get('libdnnl-dev') })
  if (!native.ok) say(withoutNative(native))
  buildTypeScript()
  buildWasm()
  buildStudio()
  linkCommand()
  return native
}
