import { describe, expect, it } from 'vitest'
import { drawSvg } from '../../page/chart.js'
import { plotColor } from '../../page/theme.js'
import { MOST_OVERLAID, overlayPlots } from './overlay.js'

/** `epochs` rows; those with held-out images have them from the first on. */
const historyOf = (epochs: number, heldOut: boolean) =>
  Array.from({ length: epochs }, (_, index) => ({
    epoch: index + 1,
    loss: 1 / (index + 1),
    accuracy: 1 - 0.5 / (index + 1),
    val_loss: heldOut ? 1.2 / (index + 1) : null,
    val_accuracy: heldOut ? 1 - 0.6 / (index + 1) : null,
    learning_rate: 0.001,
    images_per_second: 100,
    seconds: 1,
  }))

describe('overlayPlots', () => {
  const runs = [
    { name: 'A nn', history: historyOf(4, true) },
    { name: 'B dnn', history: historyOf(8, false) },
  ]
  const plots = overlayPlots(runs)

  it('draws a solid curve for each run, and a dashed one where images were held out', () => {
    expect(plots.map(({ name }) => name)).toEqual(['loss', 'accuracy'])
    for (const plot of plots) {
      expect(plot.option.series).toMatchObject([
        { name: 'A nn', lineStyle: { type: 'solid', color: plotColor('blue') } },
        { name: 'A nn', lineStyle: { type: 'dashed', color: plotColor('blue') } },
        { name: 'B dnn', lineStyle: { type: 'solid', color: plotColor('vermilion') } },
      ])
      expect(plot.option.xAxis).toMatchObject({ max: 8, name: 'epoch (dashed: on the held-out images)' })
      expect(plot.option.legend).toMatchObject({ data: ['A nn', 'B dnn'] })
    }
    expect(plots[0]?.alt).toBe('Loss of training by epoch: A nn 0.25 after 4, B dnn 0.125 after 8')
    const [, second] = runs
    expect(overlayPlots(second ? [second] : [])[0]?.option.xAxis).toMatchObject({ name: 'epoch' })
  })

  it('gives as many runs as it takes looks of their own', () => {
    const many = Array.from({ length: MOST_OVERLAID }, (_, run) => ({
      name: `run ${run}`,
      history: historyOf(2, false),
    }))
    for (const plot of overlayPlots(many)) {
      const series = plot.option.series as readonly { readonly lineStyle: { readonly color: string } }[]
      expect(new Set(series.map(({ lineStyle }) => lineStyle.color)).size).toBe(MOST_OVERLAID)
      for (const { name } of many) expect(drawSvg(plot)).toContain(`>${name}<`)
    }
  })
})
