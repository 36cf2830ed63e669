#include "products.h"

namespace atelier {

namespace {

constexpr auto f32 = memory::data_type::f32;

dnnl::memory readingWeights(Builder &builder, const Tensor &weights, const WeightMatrix &matrix,
                            memory::data_type type, bool transposed) {
  const auto packed = matrix.packed();
  return builder.reading(weights, {matrix.desc(f32), matrix.offset}, packed.desc(type),
                         transposed ? packed.transposed(type) : packed.desc(type));
}

memory::data_type typeOf(const dnnl::memory &memory) { return onednn::typeOf(memory.get_desc()); }

}  // namespace

WeightMatrix denseMatrix(int64_t in, int64_t out) { return {in, out, 1, in, 0}; }

void productForward(Builder &builder, const dnnl::memory &src, const Tensor &weights, const WeightMatrix &matrix,
                    const Tensor &bias, const dnnl::memory &dst, bool relu) {
  const auto values = readingWeights(builder, weights, matrix, typeOf(src), false);
  const auto biasDesc = matrixDesc(1, matrix.out, f32);
  const auto desc = onednn::matmul(builder.engine(), src.get_desc(), values.get_desc(), biasDesc, dst.get_desc(), relu);
  builder.run<dnnl::matmul>(desc, {{DNNL_ARG_SRC, src},
                                   {DNNL_ARG_WEIGHTS, values},
                                   {DNNL_ARG_BIAS, builder.view(bias, {biasDesc})},
                                   {DNNL_ARG_DST, dst}});
}

void productBackwardData(Builder &builder, const dnnl::memory &diffDst, const Tensor &weights,
                         const WeightMatrix &matrix, const dnnl::memory &diffSrc) {
  const auto values = readingWeights(builder, weights, matrix, typeOf(diffDst), true);
  const auto desc = onednn::matmul(builder.engine(), diffDst.get_desc(), values.get_desc(), diffSrc.get_desc());
  builder.run<dnnl::matmul>(
      desc, {{DNNL_ARG_SRC, diffDst}, {DNNL_ARG_WEIGHTS, values}, {DNNL_ARG_DST, diffSrc}});
}

void productBackwardWeights(Builder &builder, const dnnl::memory &src, const dnnl::memory &diffDst,
                            const Tensor &diffWeights, const WeightMatrix &matrix, const Tensor &diffBias) {
  const auto packed = matrix.packed();
  const auto values = builder.writing(diffWeights, {matrix.transposed(f32), matrix.offset}, packed.transposed(f32));
  productBackwardWeights(builder, src, diffDst, values, packed, builder.view(diffBias, {vectorDesc(matrix.out)}));
}

void productBackwardWeights(Builder &builder, const dnnl::memory &src, const dnnl::memory &diffDst,
                            const dnnl::memory &diffWeights, const WeightMatrix &packed,
                            const dnnl::memory &diffBias) {
  const auto desc = onednn::innerProductBackwardWeights(builder.engine(), src.get_desc(),
                                                        packed.transposed(typeOf(src)), packed.transposed(f32),
                                                        vectorDesc(packed.out), diffDst.get_desc());
  builder.run<dnnl::inner_product_backward_weights>(desc, {{DNNL_ARG_SRC, src},
                                                           {DNNL_ARG_DIFF_DST, diffDst},
                                                           {DNNL_ARG_DIFF_WEIGHTS, diffWeights},
                                                           {DNNL_ARG_DIFF_BIAS, diffBias}});
}

dnnl::memory readingMatrix(Builder &builder, const Tensor &tensor, int64_t rows, memory::data_type type) {
  const auto columns = tensor.size() / rows;
  return builder.reading(tensor, {matrixDesc(rows, columns, tensor.type())}, matrixDesc(rows, columns, type));
}

memory::data_type productType(const Tensor &a, const Tensor &b) {
  const bool bf16 = a.spec.dtype == DType::bf16 || b.spec.dtype == DType::bf16;
  return bf16 ? memory::data_type::bf16 : f32;
}

}  // namespace atelier
