import { describe, expect, it } from 'vitest'
import { Metrics } from './metrics.js'

/** The value of a line, by its name and labels. */
const figureIn = (text: string, line: string): number => {
  const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `))
  expect(found, line).toBeDefined()
  return Number(found?.slice(line.length + 1))
}

describe('metrics', () => {
  it('count requests by method, route and status', () => {
    const metrics = new Metrics()
    metrics.request('GET', '/v2', 200, 0.002)
    metrics.request('GET', '/v2', 200, 0.2)
    metrics.request('GET', '/v2', 404, 0.002)
    const text = metrics.render()
    expect(figureIn(text, 'atelier_http_requests_total{method="GET",route="/v2",status="200"}')).toBe(2)
    expect(figureIn(text, 'atelier_http_requests_total{method="GET",route="/v2",status="404"}')).toBe(1)
  })

  it('sum durations in buckets, each with those below it', () => {
    const metrics = new Metrics()
    for (const seconds of [0.001, 0.002, 0.3, 99]) metrics.request('GET', '/', 200, seconds)
    const text = metrics.render()
    const bucket = (limit: string): number =>
      figureIn(text, `atelier_http_request_seconds_bucket{method="GET",route="/",le="${limit}"}`)
    expect(['0.001', '0.0025', '0.25', '0.5', '10', '+Inf'].map(bucket)).toEqual([1, 2, 2, 3, 3, 4])
    expect(figureIn(text, 'atelier_http_request_seconds_sum{method="GET",route="/"}')).toBeCloseTo(99.303)
    expect(figureIn(text, 'atelier_http_request_seconds_count{method="GET",route="/"}')).toBe(4)
  })

  it('count images, and batches by their time', () => {
    const metrics = new Metrics()
    metrics.batch('nn', 32, 0.004)
    metrics.batch('nn', 1, 0.001)
    const text = metrics.render()
    expect(figureIn(text, 'atelier_images_total{model="nn"}')).toBe(33)
    expect(figureIn(text, 'atelier_batch_seconds_count{model="nn"}')).toBe(2)
  })

  it('read gauges when they are asked', () => {
    const metrics = new Metrics()
    let waiting = 1
    metrics.gauge('waiting', 'Who waits.', () => waiting)
    expect(figureIn(metrics.render(), 'waiting')).toBe(1)
    waiting = 7
    expect(figureIn(metrics.render(), 'waiting')).toBe(7)
    expect(figureIn(metrics.render(), 'process_resident_memory_bytes')).toBeGreaterThan(2 ** 20)
  })

  it('are lines as Prometheus reads them, whatever a label holds', () => {
    const metrics = new Metrics()
    metrics.batch('a"b\\c\nd', 1, 0.1)
    const text = metrics.render()
    expect(figureIn(text, 'atelier_images_total{model="a\\"b\\\\c\\nd"}')).toBe(1)
    expect(text.endsWith('\n')).toBe(true)
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? [-+\d.e]+)$/)
    }
  })
})
