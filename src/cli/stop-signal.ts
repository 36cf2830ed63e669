/** Ctrl-C and SIGTERM as a request to come to an end. */

/** Some shells let npm and the terminal both deliver one Ctrl-C: repeats within this time are the same one. */
const SAME_SIGNAL_MS = 1000

/**
 * Calls back at the first signal; one more, later, ends the process at once.
 *
 * @returns what makes signals end the process again.
 */
export function onStopSignal(callback: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const
  let asked = false
  const onSignal = (): void => {
    if (asked) return
    asked = true
    callback()
    setTimeout(release, SAME_SIGNAL_MS).unref()
  }
  const release = (): void => {
    for (const name of signals) process.removeListener(name, onSignal)
  }
  for (const name of signals) process.on(name, onSignal)
  return release
}
