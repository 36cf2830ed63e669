// Fully connected layers: dst = [relu](src weights^T + bias). An image is a row, its values in the order h, w, c.
#include "products.h"
#include "steps.h"

namespace atelier {

namespace {

const std::initializer_list<DType> values = {DType::f32, DType::bf16};

WeightMatrix checkedMatrix(const Builder &b, const char *weights, const Tensor &src, const Tensor &dst) {
  const auto rows = src.shape().at(0);
  const auto out = dst.shape().back();
  const auto in = src.size() / rows;
  b.tensor(weights, {out, in});
  return denseMatrix(in, out);
}

Tensor &activations(const Builder &b, const char *field) { return b.tensor(field, b.tensor(field).shape(), values); }

}  // namespace

void buildDense(Builder &b) {
  const auto &src = activations(b, "src");
  const auto rows = src.shape().at(0);
  const auto out = b.tensor("bias").shape().at(0);
  const auto &dst = b.tensor("dst", {rows, out}, values);
  const auto matrix = checkedMatrix(b, "weights", src, dst);
  productForward(b, b.view(src, {matrixDesc(rows, matrix.in, src.type())}), b.tensor("weights"), matrix,
                 b.tensor("bias", {out}), b.view(dst, {matrixDesc(rows, out, dst.type())}), b.fields().flag("relu"));
}

void buildDenseBackwardData(Builder &b) {
  const auto &diffSrc = activations(b, "diffSrc");
  const auto rows = diffSrc.shape().at(0);
  const auto &diffDst = b.tensor("diffDst", {rows, b.tensor("diffDst").shape().back()}, values);
  const auto matrix = checkedMatrix(b, "weights", diffSrc, diffDst);
  productBackwardData(b, readingMatrix(b, diffDst, rows, productType(diffDst, diffSrc)), b.tensor("weights"), matrix,
                      b.view(diffSrc, {matrixDesc(rows, matrix.in, diffSrc.type())}));
}

void buildDenseBackwardWeights(Builder &b) {
  const auto &src = activations(b, "src");
  const auto rows = src.shape().at(0);
  const auto &diffDst = b.tensor("diffDst", {rows, b.tensor("diffDst").shape().back()}, values);
  const auto matrix = checkedMatrix(b, "diffWeights", src, diffDst);
  const auto type = productType(src, diffDst);
  productBackwardWeights(b, readingMatrix(b, src, rows, type), readingMatrix(b, diffDst, rows, type),
                         b.tensor("diffWeights"), matrix, b.tensor("diffBias", {matrix.out}));
}

}  // namespace atelier
