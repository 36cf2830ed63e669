import type { EChartsOption } from 'echarts'
import type { EChartsType } from 'echarts/core'
import { useEffect, useRef, useState } from 'react'
import { useDark, useTexts } from '../settings.js'
import { darkened, restyle } from './restyle.js'
import { saveChart } from './save-chart.js'

/** What was clicked. */
export interface Pick {
  readonly seriesIndex: number
  readonly dataIndex: number
}

interface Props {
  readonly title: string
  /** What it shows, for those who do not see it. */
  readonly alt: string
  readonly option: EChartsOption
  /** Pixels. */
  readonly height: number
  /** Called with a point that is clicked. */
  readonly onPick?: (pick: Pick) => void
}

/** A chart of ECharts, which is loaded when the first one is shown. */
export function Chart({ title, alt, option, height, onPick }: Props) {
  const { models, shell } = useTexts()
  const words: Readonly<Record<string, string>> = models.plotWords
  const dark = useDark()
  const box = useRef<HTMLDivElement>(null)
  const chart = useChart(box)
  useEffect(() => {
    const styled = restyle(option, (text) => (dark ? darkened(words[text] ?? text) : (words[text] ?? text)))
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches
    if (chart === null || chart.isDisposed()) return
    chart.setOption({ animation: !still, animationDuration: 250, ...styled }, { notMerge: true })
  }, [chart, option, dark, words])
  useEffect(() => {
    if (chart === null || onPick === undefined) return
    const pick = ({ seriesIndex = 0, dataIndex }: { seriesIndex?: number; dataIndex: number }): void =>
      onPick({ seriesIndex, dataIndex })
    chart.on('click', pick)
    return () => {
      if (!chart.isDisposed()) chart.off('click', pick)
    }
  }, [chart, onPick])
  return (
    <figure className="chart">
      <figcaption className="chart-title">{title}</figcaption>
      <button
        type="button"
        className="button plain small"
        aria-label={`${shell.save}: ${title}`}
        disabled={chart === null}
        onClick={() => chart && saveChart(chart, title)}
      >
        PNG
      </button>
      <div ref={box} style={{ height }} role="img" aria-label={alt} />
    </figure>
  )
}

/** The chart in an element, as wide as that; null until it is there. */
function useChart(box: { readonly current: HTMLDivElement | null }): EChartsType | null {
  const [chart, setChart] = useState<EChartsType | null>(null)
  useEffect(() => {
    const element = box.current
    if (element === null) return
    let gone = false
    let made: EChartsType | undefined
    const observer = new ResizeObserver(() => made?.resize())
    void import('./echarts.js').then(({ init }) => {
      if (gone) return
      made = init(element)
      observer.observe(element)
      setChart(made)
    })
    return () => {
      gone = true
      observer.disconnect()
      made?.dispose()
    }
  }, [box])
  return chart
}
