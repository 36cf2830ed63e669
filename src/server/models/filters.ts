/** What a network's first layer looks for, as numbers. */
import { firstFilters } from '../../graph/first-filters.js'
import type { TrainedModel } from '../../runs/trained-model.js'
import { HttpError } from '../http/errors.js'
import type { Filters } from '../schemas/models.js'

/** Kernels of a convolution over one channel, or the weights of a dense layer's units, as images. */
export async function filtersOf(model: TrainedModel): Promise<Filters> {
  const found = firstFilters(model.graph, await model.readWeights())
  if (found === null) {
    throw new HttpError(
      404,
      `Filters of ${model.name}: expected a first layer over one channel, received another`,
    )
  }
  const { layer, count, height, width, values, largest } = found
  const size = height * width
  const filters = Array.from({ length: count }, (_, filter) =>
    Array.from(values.subarray(filter * size, (filter + 1) * size)),
  )
  return { layer, height, width, filters, largest }
}
