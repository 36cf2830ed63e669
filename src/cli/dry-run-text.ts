/** What a dry run found, in a few lines. */
import { formatBytes, formatCount, formatDuration, formatEpochs, formatPercent } from '../core/format.js'
import type { DryRun } from '../train/dry-run.js'

export function formatDryRun(found: DryRun): string {
  const { trainImages, heldOutImages, epochs, batch, memory, validationLoss, validationAccuracy } = found
  const validation =
    validationLoss === null || validationAccuracy === null
      ? 'none: the recipe holds no images out'
      : `loss ${validationLoss.toFixed(4)}, accuracy ${formatPercent(validationAccuracy)} after one step`
  const held = heldOutImages > 0 ? `, ${formatCount(heldOutImages)} held out` : ''
  return [
    `Images      ${formatCount(trainImages)}${held}`,
    `Steps       ${formatCount(found.stepsPerEpoch)} an epoch of ${formatCount(batch)} images, ${formatCount(found.steps)} in all`,
    `Memory      ${formatBytes(memory.persistent)} weights and optimizer, ${formatBytes(memory.temporary)} activations and gradients, ` +
      `${formatBytes(memory.process)} the whole process`,
    `First step  loss ${found.loss.toFixed(4)}`,
    `Validation  ${validation}`,
    `Speed       ${formatCount(Math.round(found.imagesPerSecond))} images/s`,
    `Time        about ${formatDuration(found.seconds)} (${formatEpochs(epochs)} x ${formatDuration(found.secondsPerEpoch)})`,
    'Nothing was kept',
    '',
  ].join('\n')
}
