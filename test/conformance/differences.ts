/** Central finite differences of forward steps on the reference engine in double precision. */
import { keyOf, Random } from '../../src/core/random.js'
import type { Program, Values } from '../../src/engine/engine.js'
import { type Case, operandValues, plainVariant, planOf } from './case.js'
import { observe } from './compare.js'
import { oracle } from './engines.js'
import type { Row } from './report.js'
import { relativeError, tolerances } from './tolerances.js'

/** Elements of an operand that are moved; a larger operand is sampled. */
const samples = 24
const distance = 1e-5

/** Errors of the case's gradient steps, a row for each. */
export async function compareWithDifferences(subject: Case): Promise<readonly Row[]> {
  const { values } = await observe(oracle, subject, plainVariant)
  const forward = await oracle.compile(planOf(subject, plainVariant, false))
  const rows: Row[] = []
  for (const [gradient, operand] of Object.entries(subject.gradients ?? {})) {
    const places = sampledPlaces(subject, operand)
    const analytic = values.get(gradient) ?? []
    rows.push({
      subject: subject.title,
      variant: 'f64',
      step: `gradient by ${operand}`,
      tensor: gradient,
      error: relativeError(
        places.map((place) => analytic[place] as number),
        await numericGradient(subject, forward, operand, places),
      ),
      tolerance: tolerances.differences,
    })
  }
  return rows
}

function sampledPlaces({ title, operands }: Case, operand: string): readonly number[] {
  const size = operands[operand]?.values.length ?? 0
  const all = Array.from({ length: size }, (_, i) => i)
  return new Random(keyOf(2, title, operand)).shuffle(all).slice(0, samples)
}

async function numericGradient(
  subject: Case,
  forward: Program,
  operand: string,
  places: readonly number[],
): Promise<readonly number[]> {
  const operands = operandValues(subject, plainVariant)
  const moved = (operands.get(operand) as Float64Array).slice()
  const objectiveAt = async (place: number, value: number): Promise<number> => {
    const held = moved[place] as number
    moved[place] = value
    await forward.write(new Map([...operands, [operand, moved]]))
    moved[place] = held
    return objectiveOf(subject, forward)
  }
  const slopes: number[] = []
  for (const place of places) {
    const at = moved[place] as number
    const [above, below] = [await objectiveAt(place, at + distance), await objectiveAt(place, at - distance)]
    slopes.push((above - below) / (2 * distance))
  }
  return slopes
}

/** The sum of dst times diffDst, unless the case has an objective of its own. */
async function objectiveOf(subject: Case, forward: Program): Promise<number> {
  const inputs = Object.entries(subject.inputs ?? {}).map(([name, { values }]) => [name, values] as const)
  await forward.run(1, Object.fromEntries(inputs), {})
  const { of, value } = subject.objective ?? { of: 'dst', value: (dst) => dot(dst, weightsOf(subject)) }
  return value((await forward.read([of])).get(of) as Values)
}

const weightsOf = (subject: Case): Float64Array =>
  operandValues(subject, plainVariant).get('diffDst') as Float64Array

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}
