#!/usr/bin/env node
/** The `atelier` command. */
import { createProgram } from './program.js'
import { endQuietlyOnBrokenPipe, run } from './run-command-line.js'

endQuietlyOnBrokenPipe(process.stdout, process.stderr)
process.exitCode = await run(createProgram(), process.argv)
