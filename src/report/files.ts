/** What reports are called, and what their plots are written as. */

/** In the folder that a report is about. */
export const REPORT_FILE = 'report.html'

export const plotFormats = ['svg', 'png'] as const
export type PlotFormat = (typeof plotFormats)[number]

/** Where plots are written, and as what. */
export interface PlotFiles {
  readonly directory: string
  readonly format: PlotFormat
}
