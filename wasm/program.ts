/**
 * The interpreter of programs. A program in linear memory, in words of 4 bytes:
 * its numbers of calls, of inputs and of outputs; for each call the kernel's place in the table and the address of its
 * arguments; for each input and then each output the address of its staged values of all iterations, that of its
 * tensor, and the bytes of one iteration.
 */

/**
 * How often a thread looks whether the others have arrived before it sleeps: some tens of microseconds. To wake one takes
 * as long as a step of a small model's training: with a tenth of these spins nn and dnn train at half the speed.
 */
const SPINS = 100_000

// @ts-expect-error: imported from the host
@external("env", "now")
declare function now(): f64

/**
 * The share `part` of `parts` threads in `iterations` runs of a program; each thread calls it with the same barrier: two
 * words that are zero at first. Where `times` is not 0, the seconds of every call, and last of inputs and outputs, are
 * added to the f64 there.
 */
export function run(
  program: usize, iterations: i32, times: usize, barrier: usize, part: i32, parts: i32,
): void {
  const calls = load<i32>(program)
  let begun: f64 = times != 0 && part == 0 ? now() : 0
  for (let iteration = 0; iteration < iterations; iteration++) {
    if (part == 0) feed(program, iteration)
    if (parts > 1) meet(barrier, parts)
    if (times != 0 && part == 0) begun = note(times + (calls << 3), begun)
    for (let call = 0; call < calls; call++) {
      perform(program, call, part, parts)
      if (parts > 1) meet(barrier, parts)
      if (times != 0 && part == 0) begun = note(times + (call << 3), begun)
    }
    if (part == 0) take(program, iteration)
  }
  if (parts > 1) meet(barrier, parts)
}

/** One call's share. */
export function perform(program: usize, call: i32, part: i32, parts: i32): void {
  const entry = program + 12 + (call << 3)
  call_indirect<void>(load<u32>(entry), load<usize>(entry, 4), part, parts)
}

/** Copies an iteration's inputs to where the steps read them. */
export function feed(program: usize, iteration: i32): void {
  const first = program + 12 + (load<i32>(program) << 3)
  const end = first + load<i32>(program, 4) * 12
  for (let entry = first; entry < end; entry += 12) {
    const bytes = load<u32>(entry, 8)
    memory.copy(load<usize>(entry, 4), load<usize>(entry) + iteration * bytes, bytes)
  }
}

/** Copies an iteration's outputs to where the caller finds them. */
export function take(program: usize, iteration: i32): void {
  const first = program + 12 + (load<i32>(program) << 3) + load<i32>(program, 4) * 12
  const end = first + load<i32>(program, 8) * 12
  for (let entry = first; entry < end; entry += 12) {
    const bytes = load<u32>(entry, 8)
    memory.copy(load<usize>(entry) + iteration * bytes, load<usize>(entry, 4), bytes)
  }
}

/** Adds the time since `begun` (milliseconds) to the seconds at `place`; gives the time now. */
function note(place: usize, begun: f64): f64 {
  const time = now()
  store<f64>(place, load<f64>(place) + (time - begun) / 1000)
  return time
}

/** Waits until all threads are here: the first word counts them, the second the meetings. */
function meet(barrier: usize, parts: i32): void {
  if (!ASC_FEATURE_THREADS) return
  const meeting = atomic.load<i32>(barrier, 64)
  if (atomic.add<i32>(barrier, 1) == parts - 1) {
    atomic.store<i32>(barrier, 0)
    atomic.store<i32>(barrier, meeting + 1, 64)
    atomic.notify(barrier + 64, parts)
    return
  }
  for (let spin = 0; spin < SPINS; spin++) {
    if (atomic.load<i32>(barrier, 64) != meeting) return
  }
  while (atomic.load<i32>(barrier, 64) == meeting) atomic.wait<i32>(barrier + 64, meeting)
}
