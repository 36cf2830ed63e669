/** The command line: every command with its flags. What a command needs is imported when it runs. */
import { Command } from 'commander'
import { atelierVersion } from '../core/version.js'
import { auditCommand } from './commands/audit.js'
import { compareCommand } from './commands/compare.js'
import { dataCommand } from './commands/data.js'
import { doctorCommand } from './commands/doctor.js'
import { evaluateCommand } from './commands/evaluate.js'
import { explainCommand } from './commands/explain.js'
import { exportCommand } from './commands/export.js'
import { lrFindCommand } from './commands/lr-find.js'
import { planCommand } from './commands/plan.js'
import { releaseCommand } from './commands/release.js'
import { reportCommand } from './commands/report.js'
import { reproduceCommand } from './commands/reproduce.js'
import { resultsCommand } from './commands/results.js'
import { serveCommand } from './commands/serve.js'
import { summaryCommand } from './commands/summary.js'
import { trainCommand } from './commands/train.js'

/** In the order of the help. */
const commands = [
  dataCommand,
  auditCommand,
  summaryCommand,
  planCommand,
  lrFindCommand,
  trainCommand,
  evaluateCommand,
  compareCommand,
  explainCommand,
  reportCommand,
  exportCommand,
  serveCommand,
  reproduceCommand,
  resultsCommand,
  releaseCommand,
  doctorCommand,
]

export function createProgram(): Command {
  const program = new Command('atelier')
    .description(
      'Train, evaluate, explain and serve Fashion-MNIST image classifiers at the speed of the hardware.',
    )
    .version(atelierVersion())
    .option('--debug', 'print the stack of an error')
    .helpCommand(false)
    .showHelpAfterError('Run it with --help to see its arguments and options')
    .configureOutput({ outputError: (text, write) => write(inHouseStyle(text)) })
    .exitOverride()
  for (const create of commands) program.addCommand(create().copyInheritedSettings(program))
  return program
}

/** Commander writes `error: unknown option '--x'`. */
function inHouseStyle(text: string): string {
  return text.replace(/^error: (.)/, (_, first: string) => first.toUpperCase())
}
