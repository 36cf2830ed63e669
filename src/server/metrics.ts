/** Figures for Prometheus, in its text format, version 0.0.4. */

/** Seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

type Labels = Readonly<Record<string, string>>

interface Histogram {
  readonly counts: number[]
  sum: number
  count: number
}

export class Metrics {
  private readonly requests = new Map<string, number>()
  private readonly durations = new Map<string, Histogram>()
  private readonly images = new Map<string, number>()
  private readonly batches = new Map<string, Histogram>()
  private readonly gauges: (readonly [name: string, help: string, read: () => number])[] = []

  /** A request that has been answered. The route is a pattern, so that the figures stay few. */
  request(method: string, route: string, status: number, seconds: number): void {
    add(this.requests, labelled({ method, route, status: String(status) }), 1)
    observe(this.durations, labelled({ method, route }), seconds)
  }

  /** Images that went through a model at once. */
  batch(model: string, count: number, seconds: number): void {
    add(this.images, labelled({ model }), count)
    observe(this.batches, labelled({ model }), seconds)
  }

  /** A figure that is read when it is asked for. */
  gauge(name: string, help: string, read: () => number): void {
    this.gauges.push([name, help, read])
  }

  render(): string {
    const { rss, heapUsed } = process.memoryUsage()
    const lines = [
      ...counter('atelier_http_requests_total', 'Requests answered.', this.requests),
      ...histogram('atelier_http_request_seconds', 'Time from request to answer.', this.durations),
      ...counter('atelier_images_total', 'Images classified.', this.images),
      ...histogram('atelier_batch_seconds', 'Time of a batch in the engine.', this.batches),
      ...this.gauges.flatMap(([name, help, read]) => gauge(name, help, read())),
      ...gauge('process_resident_memory_bytes', 'Resident memory.', rss),
      ...gauge('nodejs_heap_used_bytes', 'Heap in use.', heapUsed),
      ...gauge('process_start_time_seconds', 'Start of the process.', Date.now() / 1000 - process.uptime()),
    ]
    return `${lines.join('\n')}\n`
  }
}

function add(into: Map<string, number>, key: string, by: number): void {
  into.set(key, (into.get(key) ?? 0) + by)
}

function observe(into: Map<string, Histogram>, key: string, seconds: number): void {
  const known = into.get(key) ?? { counts: BUCKETS.map(() => 0), sum: 0, count: 0 }
  into.set(key, known)
  const bucket = BUCKETS.findIndex((limit) => seconds <= limit)
  if (bucket >= 0) known.counts[bucket] = (known.counts[bucket] as number) + 1
  known.sum += seconds
  known.count++
}

/** `{a="1",b="2"}` without the braces. */
function labelled(labels: Labels): string {
  const quoted = (value: string): string =>
    value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${quoted(value)}"`)
    .join(',')
}

const head = (name: string, help: string, type: string): string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
]

const counter = (name: string, help: string, values: ReadonlyMap<string, number>): string[] => [
  ...head(name, help, 'counter'),
  ...Array.from(values, ([labels, value]) => `${name}{${labels}} ${value}`),
]

const gauge = (name: string, help: string, value: number): string[] => [
  ...head(name, help, 'gauge'),
  `${name} ${value}`,
]

function histogram(name: string, help: string, values: ReadonlyMap<string, Histogram>): string[] {
  const lines = Array.from(values, ([labels, { counts, sum, count }]) => {
    let below = 0
    const buckets = BUCKETS.map((limit, i) => {
      below += counts[i] as number
      return `${name}_bucket{${labels},le="${limit}"} ${below}`
    })
    return [
      ...buckets,
      `${name}_bucket{${labels},le="+Inf"} ${count}`,
      `${name}_sum{${labels}} ${sum}`,
      `${name}_count{${labels}} ${count}`,
    ]
  })
  return [...head(name, help, 'histogram'), ...lines.flat()]
}
