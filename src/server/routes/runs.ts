/** `/api/runs`: run folders, finished or not. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mismatch } from '../../core/errors.js'
import { gatherContent } from '../../report/content.js'
import { REPORT_FILE } from '../../report/files.js'
import { renderReport } from '../../report/report.js'
import { lengthOf } from '../../runs/formats/length.js'
import { readHistory } from '../../runs/history.js'
import { isFinished } from '../../runs/run-folder.js'
import { trainedRun } from '../../runs/trained-model.js'
import { HttpError } from '../http/errors.js'
import { FOREIGN_PAGE_POLICY } from '../http/headers.js'
import { limits } from '../http/limits.js'
import { patience } from '../http/patience.js'
import type { ListedRun } from '../models/catalog.js'
import { historyOf, metricsOf } from '../run-figures.js'
import { errorSchema } from '../schemas/common.js'
import { type Run, runDetailSchema, runListSchema, runParams } from '../schemas/runs.js'
import type { Routes } from './routes.js'

const tags = ['Runs']

export const runRoutes: Routes = (app, { catalog, computations, data, engines }) => {
  app.get(
    '/api/runs',
    { schema: { tags, summary: 'All runs, the one started last first', response: { 200: runListSchema } } },
    async () => ({ runs: await Promise.all((await catalog.listRuns()).map(describeRun)) }),
  )

  app.get(
    '/api/runs/:id',
    {
      schema: {
        tags,
        summary: 'A run: recipe, history, metrics',
        params: runParams,
        response: { 200: runDetailSchema, 404: errorSchema },
      },
    },
    async ({ params }) => {
      const listed = await catalog.findRun(params.id)
      const { record } = listed.run
      const [short, history, metrics] = await Promise.all([
        describeRun(listed),
        readHistory(listed.run),
        metricsOf(listed.run),
      ])
      return {
        ...short,
        recipeValues: record.recipe,
        settings: record.settings,
        command: record.command,
        history,
        metrics: metrics as Record<string, unknown> | null,
      }
    },
  )

  app.get(
    '/api/runs/:id/report',
    {
      schema: {
        tags,
        summary: 'The report of a finished run, one page of HTML',
        params: runParams,
        produces: 'text/html',
      },
    },
    async ({ params }, reply) => {
      const { run } = await catalog.findRun(params.id)
      reply.header('content-security-policy', FOREIGN_PAGE_POLICY).type('text/html; charset=utf-8')
      const written = await readFile(join(run.directory, REPORT_FILE)).catch(() => null)
      if (written !== null) return reply.send(written)
      if (!isFinished(run)) {
        throw new HttpError(404, mismatch(`Report of ${params.id}`, 'a finished run', 'one that is not'))
      }
      const compute = async () => {
        const [dataset, engine, model] = await Promise.all([data.get(), engines.scoring(), trainedRun(run)])
        return renderReport(await gatherContent(model, dataset, engine))
      }
      return reply.send(await computations.run(compute, patience(reply, limits.computeMs)))
    },
  )
}

async function describeRun({ id, run }: ListedRun): Promise<Run> {
  const { record } = run
  const [history, metrics] = await Promise.all([historyOf(run), metricsOf(run)])
  return {
    id,
    model: record.model,
    recipe: record.recipeName,
    seed: record.seed,
    startedAt: record.startedAt,
    finished: isFinished(run),
    epochs: lengthOf(record).epochs,
    epochsDone: history.at(-1)?.epoch ?? 0,
    testAccuracy: metrics?.test?.accuracy ?? null,
  }
}
