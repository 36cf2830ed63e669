/** What reports are called, and what their plots are written as. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RunFolder } from '../runs/run-folder.js'

/** In the folder that a report is about. */
export const REPORT_FILE = 'report.html'

export const isReported = ({ directory }: Pick<RunFolder, 'directory'>): boolean =>
  existsSync(join(directory, REPORT_FILE))

export const plotFormats = ['svg', 'png'] as const
export type PlotFormat = (typeof plotFormats)[number]

/** Where plots are written, and as what. */
export interface PlotFiles {
  readonly directory: string
  readonly format: PlotFormat
}
