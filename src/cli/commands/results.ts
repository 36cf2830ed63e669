/** `atelier results`: keeps the records of finished runs, and writes RESULTS.md and the model cards. */
import { Command } from 'commander'
import { examples, type ResourceFlags, withResourceOptions } from '../options.js'

interface ResultsFlags extends ResourceFlags {
  readonly out: string
}

export function resultsCommand(): Command {
  const command = new Command('results')
    .description('keep the records of finished runs in results/, and write RESULTS.md and the model cards')
    .argument('[runs...]', 'folders of finished runs to record; without any, the pages alone are written')
    .option('--out <dir>', 'folder of results/, pretrained/ and RESULTS.md', '.')
  return withResourceOptions(command)
    .addHelpText('after', examples('atelier results', 'atelier results runs/nn-published-seed1'))
    .action(runResults)
}

async function runResults(directories: readonly string[], flags: ResultsFlags): Promise<void> {
  const { writeResultPages } = await import('../../results/write.js')
  const records = directories.length === 0 ? [] : await record(directories, flags)
  const pages = await writeResultPages(flags.out)
  if (flags.json) process.stdout.write(`${JSON.stringify({ records, pages }, null, 2)}\n`)
  else process.stdout.write(`${[...records, ...pages].join('\n')}\n`)
}

async function record(directories: readonly string[], flags: ResultsFlags): Promise<readonly string[]> {
  const [{ openNamedRun }, { trainedRun }, { addRecord }, { openResources }] = await Promise.all([
    import('../named-run.js'),
    import('../../runs/trained-model.js'),
    import('../../results/add.js'),
    import('../resources.js'),
  ])
  const resources = await openResources(flags)
  const records: string[] = []
  for (const directory of directories) {
    const run = await trainedRun(await openNamedRun(directory))
    records.push(await addRecord(run, resources, flags.out))
  }
  return records
}
