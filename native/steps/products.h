// The three matrix products of a fully connected layer, which a 1 x 1 convolution is too.
#pragma once

#include "../builder.h"

namespace atelier {

// A matrix in -> out within a weight tensor.
struct WeightMatrix {
  int64_t in, out;
  int64_t inStride, outStride;
  size_t offset = 0;  // bytes

  memory::desc desc(memory::data_type type) const { return memory::desc({in, out}, type, {inStride, outStride}); }
  memory::desc transposed(memory::data_type type) const {
    return memory::desc({out, in}, type, {outStride, inStride});
  }
  // Whether it lies whole, row by row or column by column.
  bool dense() const {
    return (outStride == 1 && inStride == out) || (inStride == 1 && outStride == in);
  }
  // The same matrix as products like it.
  WeightMatrix packed() const { return dense() ? *this : WeightMatrix{in, out, out, 1, 0}; }
};

// Of [out, in] weights.
WeightMatrix denseMatrix(int64_t in, int64_t out);

// dst = [relu](src weights + bias); src is rows x in, dst rows x out.
void productForward(Builder &builder, const dnnl::memory &src, const Tensor &weights, const WeightMatrix &matrix,
                    const Tensor &bias, const dnnl::memory &dst, bool relu);
// diffSrc = diffDst weights^T.
void productBackwardData(Builder &builder, const dnnl::memory &diffDst, const Tensor &weights,
                         const WeightMatrix &matrix, const dnnl::memory &diffSrc);
// diffWeights = src^T diffDst; diffBias = the sum of diffDst's rows.
void productBackwardWeights(Builder &builder, const dnnl::memory &src, const dnnl::memory &diffDst,
                            const Tensor &diffWeights, const WeightMatrix &matrix, const Tensor &diffBias);
// The same into any memory: diffWeights is out x in in that matrix's order, diffBias a vector.
void productBackwardWeights(Builder &builder, const dnnl::memory &src, const dnnl::memory &diffDst,
                            const dnnl::memory &diffWeights, const WeightMatrix &packed, const dnnl::memory &diffBias);

// A tensor as a matrix of that many rows, converted to `type` where it has another one.
dnnl::memory readingMatrix(Builder &builder, const Tensor &tensor, int64_t rows, memory::data_type type);

// bf16 as soon as one of the activations is: products take both in one type.
memory::data_type productType(const Tensor &a, const Tensor &b);

}  // namespace atelier
