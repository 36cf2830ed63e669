// `npm start`: the set-up, then `atelier reproduce` with whatever arguments came after `--`. The command runs in
// this very process, so that Ctrl-C, the exit code and the terminal are its own.
import './lib/node-version.mjs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { setUp } from './lib/setup.mjs'
import { main, root } from './lib/shell.mjs'

main(() => setUp())
const command = join(root, 'dist', 'cli', 'main.js')
process.argv = [process.execPath, command, 'reproduce', ...process.argv.slice(2)]
await import(pathToFileURL(command).href)
