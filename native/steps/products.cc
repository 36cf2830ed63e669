#include "products.h"

namespace atelier {

namespace {

constexpr auto f32 = memory::data_type::f32;

}  // namespace

// A product packs plain weights anew in every run, which takes longer than the product itself where there are
// few rows: one image takes a third of the time with weights that were packed before.
void productForward(Builder &builder, const dnnl::memory &src, const ForwardWeights &weights,
                    const dnnl::memory &bias, const dnnl::memory &dst, bool relu) {
  const memory::desc any(onednn::dimsOf(weights.plain), onednn::typeOf(weights.plain), memory::format_tag::any);
  const auto desc =
      onednn::matmul(builder.engine(), src.get_desc(), builder.fixedWeights() ? any : weights.plain,
                     bias.get_desc(), dst.get_desc(), relu);
  builder.run<dnnl::matmul>(desc, {{DNNL_ARG_SRC, src},
                                   {DNNL_ARG_WEIGHTS, weights.in(desc.weights_desc())},
                                   {DNNL_ARG_BIAS, bias},
                                   {DNNL_ARG_DST, dst}});
}

void productBackwardData(Builder &builder, const dnnl::memory &diffDst, const dnnl::memory &weights,
                         const dnnl::memory &diffSrc) {
  const auto desc =
      onednn::matmul(builder.engine(), diffDst.get_desc(), weights.get_desc(), diffSrc.get_desc());
  builder.run<dnnl::matmul>(desc,
                            {{DNNL_ARG_SRC, diffDst}, {DNNL_ARG_WEIGHTS, weights}, {DNNL_ARG_DST, diffSrc}});
}

void productBackwardWeights(Builder &builder, const dnnl::memory &src, const dnnl::memory &diffDst,
                            const dnnl::memory &diffWeights, const dnnl::memory &diffBias) {
  const auto desc = onednn::innerProductBackwardWeights(
      builder.engine(), src.get_desc(), diffWeights.get_desc(), diffBias.get_desc(), diffDst.get_desc());
  builder.run<dnnl::inner_product_backward_weights>(desc, {{DNNL_ARG_SRC, src},
                                                           {DNNL_ARG_DIFF_DST, diffDst},
                                                           {DNNL_ARG_DIFF_WEIGHTS, diffWeights},
                                                           {DNNL_ARG_DIFF_BIAS, diffBias}});
}

ForwardWeights readingWeights(Builder &builder, const Tensor &weights, const WeightMatrix &matrix,
                              memory::data_type type) {
  return {matrix.packed().desc(type), [&builder, &weights, matrix](const memory::desc &wanted) {
            return builder.reading(weights, {matrix.desc(f32), matrix.offset}, wanted);
          }};
}

dnnl::memory readingTransposed(Builder &builder, const Tensor &weights, const WeightMatrix &matrix,
                               memory::data_type type) {
  const auto packed = matrix.packed();
  return builder.reading(weights, {matrix.desc(f32), matrix.offset}, packed.desc(type),
                         packed.transposed(type));
}

dnnl::memory writingWeights(Builder &builder, const Tensor &diffWeights, const WeightMatrix &matrix) {
  return builder.writing(diffWeights, {matrix.transposed(f32), matrix.offset},
                         matrix.packed().transposed(f32));
}

dnnl::memory biasRow(Builder &builder, const Tensor &bias) {
  return builder.view(bias, {matrixDesc(1, bias.size(), f32)});
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
