// The three matrix products of a fully connected layer, which some convolutions come down to as well.
#pragma once

#include "../builder.h"

namespace atelier {

// A matrix from in to out values, within a tensor of weights.
struct WeightMatrix {
  int64_t in, out;
  int64_t inStride, outStride;
  size_t offset = 0;  // bytes

  memory::desc desc(memory::data_type type) const {
    return memory::desc({in, out}, type, {inStride, outStride});
  }
  memory::desc transposed(memory::data_type type) const {
    return memory::desc({out, in}, type, {outStride, inStride});
  }
  // Whether it lies whole, row by row or column by column.
  bool dense() const { return (outStride == 1 && inStride == out) || (inStride == 1 && outStride == in); }
  // The same matrix in an order that the products take.
  WeightMatrix packed() const { return dense() ? *this : WeightMatrix{in, out, out, 1, 0}; }
};

// Weights as in x out for the forward product: how they lie plainly, and the same in the form it wants.
struct ForwardWeights {
  memory::desc plain;
  std::function<dnnl::memory(const memory::desc &wanted)> in;
};

// dst = [relu](src weights + bias): rows x in, in x out, 1 x out, rows x out.
void productForward(Builder &builder, const dnnl::memory &src, const ForwardWeights &weights,
                    const dnnl::memory &bias, const dnnl::memory &dst, bool relu);
// diffSrc = diffDst weights: rows x out, out x in, rows x in.
void productBackwardData(Builder &builder, const dnnl::memory &diffDst, const dnnl::memory &weights,
                         const dnnl::memory &diffSrc);
// diffWeights = diffDst^T src, out x in; diffBias = the sum of diffDst's rows, a vector.
void productBackwardWeights(Builder &builder, const dnnl::memory &src, const dnnl::memory &diffDst,
                            const dnnl::memory &diffWeights, const dnnl::memory &diffBias);

// The operands: weights as in x out for the forward product, as out x in for the backward one; a gradient as
// out x in; a bias as 1 x out; and any tensor as a matrix of that many rows, in `type`.
ForwardWeights readingWeights(Builder &builder, const Tensor &weights, const WeightMatrix &matrix,
                              memory::data_type type);
dnnl::memory readingTransposed(Builder &builder, const Tensor &weights, const WeightMatrix &matrix,
                               memory::data_type type);
dnnl::memory writingWeights(Builder &builder, const Tensor &diffWeights, const WeightMatrix &matrix);
dnnl::memory biasRow(Builder &builder, const Tensor &bias);
dnnl::memory readingMatrix(Builder &builder, const Tensor &tensor, int64_t rows, memory::data_type type);
dnnl::memory writingMatrix(Builder &builder, const Tensor &tensor, int64_t rows);

// bf16 as soon as one of the activations is: products take both in one type.
memory::data_type productType(const Tensor &a, const Tensor &b);

}  // namespace atelier
