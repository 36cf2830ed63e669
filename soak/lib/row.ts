/** A row of docs/reliability.md: something that must not go wrong, tried many times. */

export interface Row {
  /** On the command line. */
  readonly name: string
  /** What is done, as the table says it. */
  readonly title: string
  /** How often, unless the command line says otherwise. */
  readonly rounds: number
  /** What one of the rounds is, in the plural: `inputs`. */
  readonly unit: string
  run(trial: Trial): Promise<Outcome>
}

/** What a row is given. */
export interface Trial {
  readonly rounds: number
  /** The same seed makes the same inputs. Moments are drawn from it, too; what a process does by then is up to the clock. */
  readonly seed: number
  /** Empty, and the row's own. It is kept where something failed. */
  readonly folder: string
  /** Tells a person who waits how far it is. */
  readonly progress: (line: string) => void
}

export type Outcome = Held | Skipped

export interface Held {
  /** How many of the rounds went as they must, and how many there were. */
  readonly held: number
  readonly rounds: number
  /** What was seen, for the table: one line of Markdown. */
  readonly seen: string
  /** What went wrong, with what it takes to see it again. */
  readonly failures: readonly string[]
}

/** The machine or the user's rights lack something: said, and never counted as held. */
export interface Skipped {
  readonly skipped: string
}
