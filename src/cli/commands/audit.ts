/** `atelier audit`: labels that look wrong, near-duplicates and class statistics of a data set. */
import { join } from 'node:path'
import { Command } from 'commander'
import { examples, option, type ResourceFlags, wholeNumber, withResourceOptions } from '../options.js'

interface AuditFlags extends ResourceFlags {
  readonly out: string
  readonly seed: number
}

export function auditCommand(): Command {
  const command = new Command('audit')
    .description('find labels that look wrong, near-duplicates and class statistics of a data set')
    .option('--out <dir>', 'folder for audit.html and audit.json', 'runs/audit')
    .addOption(option('--seed <n>', 'seed of the folds and the models', wholeNumber('--seed', { min: 0 }), 1))
  return withResourceOptions(command)
    .addHelpText('after', examples('atelier audit', 'atelier audit --data my-data --out my-audit --json'))
    .action(runAudit)
}

async function runAudit(flags: AuditFlags): Promise<void> {
  const { out, seed } = flags
  const [{ openResources }, { auditDataset }, { createProgress }] = await Promise.all([
    import('../resources.js'),
    import('../../audit/audit.js'),
    import('../progress.js'),
  ])
  const { dataset, engine } = await openResources(flags)
  const bar = createProgress({ total: 1, label: 'Auditing' })
  bar.update(0)
  const audit = await auditDataset(dataset, engine, seed, (share) => bar.update(share))
  bar.finish()
  const [{ auditAsData, formatAudit }, { renderAudit }, { writeFileAtomically }] = await Promise.all([
    import('../../audit/text.js'),
    import('../../audit/page.js'),
    import('../../core/files.js'),
  ])
  const json = `${JSON.stringify(auditAsData(audit, dataset), null, 1)}\n`
  const page = join(out, 'audit.html')
  await writeFileAtomically(join(out, 'audit.json'), json)
  await writeFileAtomically(page, await renderAudit(audit, dataset))
  process.stdout.write(flags.json ? json : formatAudit(audit, dataset))
  process.stderr.write(`Gallery: ${page}\n`)
}
