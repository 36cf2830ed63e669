/** Small linear algebra for fitting a background. */

export function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}

/** The middle value, the upper one of two; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[sorted.length >> 1] ?? 0
}

/**
 * The coefficients b that make |rows b - targets|^2 + sum_i penalty_i b_i^2 least, by the normal equations and
 * elimination; they are positive definite, so no pivoting is needed.
 */
export function leastSquares(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  penalty: readonly number[],
): number[] {
  const size = penalty.length
  // [rows^T rows + diag(penalty) | rows^T targets]
  const system = penalty.map((weight, i) => {
    const line = new Float64Array(size + 1)
    rows.forEach((row, n) => {
      for (let j = 0; j < size; j++) line[j] = (line[j] as number) + (row[i] as number) * (row[j] as number)
      line[size] = (line[size] as number) + (row[i] as number) * (targets[n] as number)
    })
    line[i] = (line[i] as number) + weight
    return line
  })
  system.forEach((pivot, i) => {
    for (const line of system.slice(i + 1)) {
      const factor = (line[i] as number) / (pivot[i] as number)
      for (let j = i; j <= size; j++) line[j] = (line[j] as number) - factor * (pivot[j] as number)
    }
  })
  const solution = new Array<number>(size).fill(0)
  for (let i = size - 1; i >= 0; i--) {
    const line = system[i] as Float64Array
    const known = dot([...line.subarray(0, size)], solution)
    solution[i] = ((line[size] as number) - known) / (line[i] as number)
  }
  return solution
}
