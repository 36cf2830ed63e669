/** What whoever runs the server reads on stderr. */

/** Tells of a failure of the server's own, with its stack. */
export function logFailure(subject: string, error: unknown): void {
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`${subject}: ${told}\n`)
}
