/** What bench/serve.ts uses of autocannon, which comes without types. */
declare module 'autocannon' {
  interface Options {
    readonly url: string
    readonly method: string
    readonly connections: number
    /** Seconds. */
    readonly duration: number
    readonly body: string | Buffer
    readonly headers: Readonly<Record<string, string>>
  }
  interface Result {
    readonly requests: { readonly total: number }
    readonly errors: number
    readonly timeouts: number
    readonly non2xx: number
    readonly duration: number
  }
  type OnResponse = (client: unknown, status: number, bytes: number, milliseconds: number) => void
  interface Instance extends PromiseLike<Result> {
    on(event: 'response', listener: OnResponse): this
  }
  export default function autocannon(options: Options): Instance
}
