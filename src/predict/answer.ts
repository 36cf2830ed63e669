/**
 * The answer: from a model's logits of an image to what is said of the image. Pure computation without Node, so that
 * command line, library, server and browser say the same.
 */
import { argmax, softmax } from '../core/logits.js'
import type { Familiarity } from '../evaluate/familiarity.js'
import { isBlank } from '../photo/prepare.js'
import type { KnownImages } from './known-images.js'

/** What of a model an answer rests on, besides its logits. */
export interface ModelFacts {
  /** The classes' names, by label. */
  readonly classes: readonly string[]
  /** Divides the logits, so that their softmax is calibrated; null counts as 1. */
  readonly temperature: number | null
  /** Null where no held-out images say what is usual. */
  readonly known: KnownImages | null
}

export interface Answer {
  /** The class of the largest logit, the first of equal ones. */
  readonly label: number
  readonly class: string
  readonly probability: number
  /** By label: softmax(logits / temperature). */
  readonly probabilities: Float32Array
  readonly logits: Float32Array
  /** How the image compares with the held-out ones; null where there are none. */
  readonly familiarity: Familiarity | null
  /** The image is blank or like nothing the model knows: its class means nothing. Null where that is unknown. */
  readonly unfamiliar: boolean | null
}

/**
 * @param image - The bytes that the model saw: a blank image is unfamiliar, whatever was held out.
 * @param logits - [classes].
 */
export function answerOf(image: Uint8Array, logits: Float32Array, facts: ModelFacts): Answer {
  const probabilities = softmax(logits, facts.temperature)
  const label = argmax(logits)
  const familiarity = facts.known?.compare(logits) ?? null
  return {
    label,
    class: facts.classes[label] as string,
    probability: probabilities[label] as number,
    probabilities,
    logits,
    familiarity,
    unfamiliar: isBlank(image) || (familiarity && familiarity.score > familiarity.threshold),
  }
}

export interface RankedClass {
  readonly class: string
  readonly label: number
  readonly probability: number
}

/** The classes by falling logits; of equal ones the lower label comes first. */
export function rankClasses(
  { logits, probabilities }: Pick<Answer, 'logits' | 'probabilities'>,
  classes: readonly string[],
): RankedClass[] {
  const at = (values: Float32Array, label: number): number => values[label] as number
  return classes
    .map((name, label) => ({ class: name, label, probability: at(probabilities, label) }))
    .sort((a, b) => at(logits, b.label) - at(logits, a.label) || a.label - b.label)
}
