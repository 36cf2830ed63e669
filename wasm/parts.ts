/** The static partition of work among threads. */

/**
 * Where part `part` of `parts` begins among `count` things that are dealt out in groups of `group`: it ends where the next
 * begins, and part `parts` begins at `count`. The first parts are the larger ones.
 */
// @ts-expect-error: a decorator of AssemblyScript's
@inline
export function beginOf(part: i32, parts: i32, count: i32, group: i32): i32 {
  const groups = (count + group - 1) / group
  const begin = (part * (groups / parts) + min(part, groups % parts)) * group
  return min(begin, count)
}
