/** "Did you mean": the known name that a mistyped one is nearest to. */

/**
 * The name within two edits (fewer for short ones) of `typed`; undefined where none is that near. Of two as near, the one
 * that begins alike: a first letter is seldom mistyped.
 */
export function closest(typed: string, names: readonly string[]): string | undefined {
  const reach = Math.min(2, Math.floor(typed.length / 2))
  const wanted = typed.toLowerCase()
  const near = names
    .map((name) => ({ name, distance: editDistance(wanted, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= reach)
  const strangeStart = (name: string): number => Number(name[0]?.toLowerCase() !== wanted[0])
  near.sort((a, b) => a.distance - b.distance || strangeStart(a.name) - strangeStart(b.name))
  return near[0]?.name
}

/** Levenshtein's distance: insertions, deletions and substitutions from `a` to `b`. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const [above, left, diagonal] = [row[j] as number, next[j - 1] as number, row[j - 1] as number]
      next.push(Math.min(above + 1, left + 1, diagonal + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row.at(-1) as number
}
