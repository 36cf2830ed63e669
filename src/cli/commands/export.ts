/** `atelier export`: a trained model as files that other programs load. */

import { Command, Option } from 'commander'
import { formatAlternatives, formatCount, formatPercent } from '../../core/format.js'
import type { Agreement, Checker } from '../../export/check.js'
import { type ExportFormat, exportFormats, exportPrecisions } from '../../export/formats.js'
import type { OnnxPrecision } from '../../onnx/model.js'
import type { TrainedModel } from '../../runs/trained-model.js'
import type { WhichWeights } from '../../runs/which-weights.js'
import {
  choice,
  examples,
  option,
  type ResourceFlags,
  trainedArgument,
  weightsOption,
  withResourceOptions,
} from '../options.js'

interface ExportFlags extends ResourceFlags {
  readonly format: ExportFormat
  readonly out: string
  readonly precision: OnnxPrecision
  readonly weights: WhichWeights
  readonly activations?: boolean
  /** Unless told: where it can be done. */
  readonly check?: boolean
}

export function exportCommand(): Command {
  const command = new Command('export')
    .description('write a trained model as files that other programs load')
    .argument('<model>', trainedArgument)
    .addOption(
      option(
        '--format <name>',
        formatAlternatives(exportFormats),
        choice('--format', exportFormats),
      ).makeOptionMandatory(),
    )
    .addOption(new Option('--out <path>', 'the file, or huggingface: the folder').makeOptionMandatory())
    .addOption(
      option(
        '--precision <name>',
        `${formatAlternatives(exportPrecisions)} weights`,
        choice('--precision', exportPrecisions),
        'f32',
      ),
    )
    .addOption(weightsOption())
    .option('--activations', "onnx: give every layer's result as an output, too")
    .option(
      '--check',
      'compare the file with the engine on the test images, by the package onnxruntime-node; done where that is installed',
    )
    .option('--no-check', 'write the file without that')
  return withResourceOptions(command)
    .addHelpText(
      'after',
      examples(
        'atelier export cnn --format onnx --out cnn.onnx',
        'atelier export runs/nn-quick-seed1 --format onnx --precision int8 --out nn.onnx',
        'atelier export cnn --format huggingface --out cnn-fashion-mnist',
      ),
    )
    .action(runExport)
}

async function runExport(name: string, flags: ExportFlags): Promise<void> {
  const [{ openTrained }, { exportModel }] = await Promise.all([
    import('../../runs/open-trained.js'),
    import('../../export/export.js'),
  ])
  const model = await openTrained(name, flags)
  const { format, precision, out, json, activations = false, check } = flags
  const agreement = await exportModel(model, {
    ...{ format, out, precision, activations, check },
    checker: () => checkerFor(model, flags),
    unchecked: (reason) => process.stderr.write(`Not checked: ${reason}\n`),
  })
  if (json) {
    const answer = { model: model.name, format, precision, out, check: agreement }
    process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`)
    return
  }
  process.stdout.write(`Wrote ${out}: ${model.name} as ${format}, ${precision}\n`)
  if (agreement) process.stdout.write(`${describeAgreement(agreement)}\n`)
}

async function checkerFor(model: TrainedModel, flags: ExportFlags): Promise<Checker> {
  const { openResourcesOf } = await import('../resources.js')
  return openResourcesOf([model], flags)
}

function describeAgreement(agreement: Agreement): string {
  const { n, engine, sameClass, largestDifference, engineAccuracy, accuracy } = agreement
  const same = `the class of the ${engine} engine for ${formatCount(sameClass)} of ${formatCount(n)} test images`
  const difference = `logits differ by ${largestDifference.toPrecision(2)} at most`
  return (
    `onnxruntime gives ${same}; ${difference}\n` +
    `Test accuracy ${formatPercent(accuracy)} (${formatPercent(engineAccuracy)} by the engine in f32)`
  )
}
