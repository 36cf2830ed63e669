/** A contestant's side of the protocol: one JSON request a line on stdin, one JSON answer a line on stdout. */
import { createInterface } from 'node:readline'
import type { Assignment, Done, Mode, Prepared, Task, Turn } from '../lib/types.js'

/** What a contestant answers; those that can do a task in several modes also say in which, and try them. */
export interface Contestant {
  prepare(request: Assignment): Promise<Prepared>
  run(request: { readonly task: Task; readonly seconds: number }): Promise<Turn>
  variants?(request: VariantsRequest): { readonly modes: readonly Mode[] }
  try?(request: TryRequest): Promise<{ readonly rate: number }>
}

/** For stage 0 the modes to begin with, later what could be changed about one that did well; none at the end. */
export interface VariantsRequest extends Assignment {
  readonly stage: number
  readonly best: Mode | null
}
export interface TryRequest extends Assignment {
  readonly mode: Mode
  readonly seconds: number
}

/** Answers requests until stdin ends, then ends the process; handlers are by the request's verb. */
export async function serve<Handlers extends object>(handlers: Handlers): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const { do: verb, ...request } = JSON.parse(line)
    process.stdout.write(`${JSON.stringify(await answerOf(handlers, verb, request))}\n`)
  }
  process.exit()
}

async function answerOf(handlers: object, verb: string, request: unknown): Promise<unknown> {
  try {
    const handler: unknown = Reflect.get(handlers, verb)
    if (typeof handler !== 'function') throw new Error(`cannot ${verb}`)
    return (await handler(request)) ?? {}
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

/** Does a piece of work, which tells how many images it was, over and over for about so many seconds. */
export async function repeat(seconds: number, work: () => number | Promise<number>): Promise<Done> {
  const start = performance.now()
  let images = 0
  let elapsed = 0
  while (elapsed < seconds) {
    images += await work()
    elapsed = (performance.now() - start) / 1000
  }
  return { images, seconds: elapsed }
}

/** A turn begins with a part that does not count: caches, threads and queues get going again. */
export const warmUpOf = (seconds: number): number => Math.min(0.3, seconds / 3)

/** A turn of work. */
export async function takeTurn(seconds: number, work: () => number | Promise<number>): Promise<Done> {
  await repeat(warmUpOf(seconds), work)
  return repeat(seconds, work)
}
