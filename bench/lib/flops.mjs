// How much arithmetic a model is: the multiply-adds of its convolutions and dense layers, nothing else.

/** A forward pass does 2 flops a multiply-add; training counts as three forward passes, as is customary. */
export const FLOPS = { training: 6, one: 2, thousand: 2 }

/** Multiply-adds of one image's forward pass; taps that fall on padding count. */
export function multiplyAdds(graph) {
  return productsOf(graph).reduce((sum, { rows, inner, columns }) => sum + rows * inner * columns, 0)
}

/**
 * The matrix products [m, k, n] of a batch's forward pass as they stand in the model: dense layers and 1 x 1
 * convolutions, each shape once.
 */
export function matrixShapes(graph, batch) {
  const shapes = productsOf(graph)
    .filter(({ plain }) => plain)
    .map(({ rows, inner, columns }) => [batch * rows, inner, columns])
  return [...new Map(shapes.map((shape) => [shape.join(), shape])).values()]
}

/** Each layer as the product of [rows, inner] and [inner, columns]; plain: without overlapping windows. */
function productsOf({ nodes }) {
  return nodes.flatMap(({ op, params, inputs, shape }) => {
    const source = nodes[inputs[0]]?.shape
    if (op === 'dense') return [{ rows: 1, inner: source[0], columns: params.units, plain: true }]
    if (op !== 'conv2d') return []
    const [height, width, columns] = shape
    const taps = params.kernel[0] * params.kernel[1]
    return [{ rows: height * width, inner: taps * source[2], columns, plain: taps === 1 }]
  })
}
