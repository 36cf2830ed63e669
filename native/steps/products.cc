#include "products.h"

#include "../kernels/few_rows.h"
#include "../kernels/transposed.h"

namespace atelier {

namespace {

constexpr auto f32 = memory::data_type::f32;

// Gives the matrix as a product over its rows likes it best.
std::function<Rows()> readingRows(Builder &builder, const dnnl::memory &matrix) {
  const auto dims = onednn::dimsOf(matrix.get_desc());
  const int64_t rows = dims[0], columns = dims[1];
  const auto plain = [=] { return Rows{dataOf<const float>(matrix), columns, columns}; };
  if (!rowsCollide(rows, columns)) return plain;
  return [=, copy = builder.scratch(matrixDesc(rows, columns + apart, f32))] {
    return spread(plain(), rows, dataOf<float>(copy));
  };
}

void f32BackwardWeights(Builder &builder, const dnnl::memory &src, const dnnl::memory &diffDst,
                        const dnnl::memory &diffWeights, const dnnl::memory &diffBias) {
  const auto out = onednn::dimsOf(diffDst.get_desc())[1], in = onednn::dimsOf(src.get_desc())[1];
  const auto depth = onednn::dimsOf(src.get_desc())[0];
  const bool outMajor = diffWeights.get_desc() == matrixDesc(out, in, f32);
  builder.note("sgemm");
  builder.kernel([=, left = readingRows(builder, outMajor ? diffDst : src),
                  right = readingRows(builder, outMajor ? src : diffDst)] {
    productTransposed(left(), right(), depth, dataOf<float>(diffWeights));
    sumRows({dataOf<const float>(diffDst), out, out}, depth, dataOf<float>(diffBias));
  });
}

bool isFewRowsProduct(const dnnl::memory &src, const memory::desc &weights) {
  const auto shape = onednn::dimsOf(weights);
  return onednn::typeOf(weights) == f32 && onednn::dimsOf(src.get_desc())[0] <= fewRows &&
         shape[0] * shape[1] >= largeMatrix;
}

void fewRowsForward(Builder &builder, const dnnl::memory &src, const ForwardWeights &weights,
                    const dnnl::memory &bias, const dnnl::memory &dst, bool relu) {
  const auto shape = onednn::dimsOf(weights.plain);
  const FewRowsProduct product{onednn::dimsOf(src.get_desc())[0], shape[0], shape[1], relu};
  const auto panels = weights.in(memory::desc(shape, f32, memory::format_tag::BA16a64b));
  builder.note("own");
  builder.kernel([=] {
    product(dataOf<const float>(src), dataOf<const float>(panels), dataOf<const float>(bias), dataOf<float>(dst));
  });
}

}  // namespace

// A product packs plain weights anew in every run, which takes longer than the product itself where there are
// few rows: one image takes a third of the time with weights that were packed before.
void productForward(Builder &builder, const dnnl::memory &src, const ForwardWeights &weights,
                    const dnnl::memory &bias, const dnnl::memory &dst, bool relu) {
  if (builder.fixedWeights() && isFewRowsProduct(src, weights.plain))
    return fewRowsForward(builder, src, weights, bias, dst, relu);
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
  if (onednn::typeOf(src.get_desc()) == f32)
    return f32BackwardWeights(builder, src, diffDst, diffWeights, diffBias);
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
  const auto matrix = [&](memory::data_type t) { return matrixDesc(rows, tensor.size() / rows, t); };
  if (!isBlocked(tensor.layout)) return builder.reading(tensor, {matrix(tensor.type())}, matrix(type));
  return builder.reading(tensor, {tensor.desc}, descOf(tensor.shape(), tensor.spec.dtype, Layout::plain),
                         matrix(tensor.type()));
}

dnnl::memory writingMatrix(Builder &builder, const Tensor &tensor, int64_t rows) {
  return builder.writing(tensor, {tensor.desc}, descOf(tensor.shape(), tensor.spec.dtype, Layout::plain),
                         matrixDesc(rows, tensor.size() / rows, tensor.type()));
}

memory::data_type productType(const Tensor &a, const Tensor &b) {
  const bool bf16 = a.spec.dtype == DType::bf16 || b.spec.dtype == DType::bf16;
  return bf16 ? memory::data_type::bf16 : f32;
}

}  // namespace atelier
