/** The flags by which plots are written as files. */
import { Option } from 'commander'
import { mismatch, UsageError } from '../core/errors.js'
import { formatAlternatives } from '../core/format.js'
import { type PlotFiles, type PlotFormat, plotFormats } from '../report/files.js'
import { choice, option } from './options.js'

export interface PlotFlags {
  readonly plots?: string
  readonly plotFormat?: PlotFormat
}

export const plotsOption = (what: string): Option =>
  new Option('--plots <dir>', `also write ${what} into this folder`)

export const plotFormatOption = (): Option =>
  option(
    '--plot-format <name>',
    `format of these: ${formatAlternatives(plotFormats)} (default: svg)`,
    choice('--plot-format', plotFormats),
  )

/** Where plots are wanted; undefined where they are not. */
export function wantedPlots({ plots, plotFormat }: PlotFlags): PlotFiles | undefined {
  if (plotFormat !== undefined && plots === undefined) {
    throw new UsageError(mismatch('--plot-format', '--plots with a folder beside it', 'none'))
  }
  return plots === undefined ? undefined : { directory: plots, format: plotFormat ?? 'svg' }
}
