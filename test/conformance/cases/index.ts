import type { Case } from '../case.js'
import { convolutionCases } from './convolution.js'
import { denseCases } from './dense.js'
import { elementwiseCases } from './elementwise.js'
import { lossCases } from './loss.js'
import { normalizationCases } from './normalization.js'
import { poolingCases } from './pooling.js'
import { updateCases } from './update.js'

export const cases: readonly Case[] = [
  ...convolutionCases,
  ...denseCases,
  ...normalizationCases,
  ...poolingCases,
  ...elementwiseCases,
  ...lossCases,
  ...updateCases,
]
