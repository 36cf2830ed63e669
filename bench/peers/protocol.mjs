// A contestant's side of the protocol.
import { createInterface } from 'node:readline'

/** Answers requests until stdin ends, then ends the process; handlers are by the request's verb. */
export async function serve(handlers) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { do: verb, ...request } = JSON.parse(line)
    process.stdout.write(`${JSON.stringify(await answerOf(handlers[verb], request))}\n`)
  }
  process.exit()
}

async function answerOf(handler, request) {
  try {
    return (await handler(request)) ?? {}
  } catch (error) {
    return { error: error.message }
  }
}

/** Does a piece of work, which tells how many images it was, over and over for about so many seconds. */
export async function repeat(seconds, work) {
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
export const warmUpOf = (seconds) => Math.min(0.3, seconds / 3)
