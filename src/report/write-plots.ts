/** Writes plots as files. */
import { join } from 'node:path'
import { writeFileAtomically } from '../core/files.js'
import { drawPng, standaloneSvg } from '../page/chart.js'
import type { Plot } from '../page/plot.js'
import type { PlotFiles } from './files.js'

/**
 * Writes each plot under its name; gives the files' paths.
 *
 * @throws AtelierError where they cannot be written.
 */
export function writePlots(plots: readonly Plot[], { directory, format }: PlotFiles): Promise<string[]> {
  const written = plots.map(async (plot) => {
    const path = join(directory, `${plot.name}.${format}`)
    await writeFileAtomically(path, format === 'svg' ? standaloneSvg(plot) : await drawPng(plot))
    return path
  })
  return Promise.all(written)
}
