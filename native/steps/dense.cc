// Fully connected layers: dst = [relu](src weights^T + bias). An image is a row, its values in the order h,
// w, c.
#include "products.h"
#include "steps.h"

namespace atelier {

namespace {

// The extents of a dense step, checked: src rows x in, dst rows x out, weights [out, in].
struct Layer {
  Tensor &src, &dst, &weights;
  int64_t rows, in, out;
  WeightMatrix matrix;

  Layer(const Builder &b, const char *srcField, const char *dstField, const char *weightsField)
      : src(b.tensor(srcField)),
        dst(b.tensor(dstField)),
        weights(b.tensor(weightsField)),
        rows(src.shape().at(0)),
        in(src.size() / rows),
        out(dst.shape().back()),
        matrix{in, out, 1, in} {
    b.tensor(srcField, src.shape(), {DType::f32, DType::bf16});
    b.tensor(dstField, {rows, out}, {DType::f32, DType::bf16});
    b.tensor(weightsField, {out, in});
  }
};

}  // namespace

void buildDense(Builder &b) {
  const Layer l(b, "src", "dst", "weights");
  productForward(b, readingMatrix(b, l.src, l.rows, l.src.type()),
                 readingWeights(b, l.weights, l.matrix, l.src.type()), biasRow(b, b.tensor("bias", {l.out})),
                 b.view(l.dst, {matrixDesc(l.rows, l.out, l.dst.type())}), b.fields().flag("relu"));
}

void buildDenseBackwardData(Builder &b) {
  const Layer l(b, "diffSrc", "diffDst", "weights");
  const auto type = productType(l.src, l.dst);
  productBackwardData(b, readingMatrix(b, l.dst, l.rows, type),
                      readingTransposed(b, l.weights, l.matrix, type),
                      writingMatrix(b, l.src, l.rows));
}

void buildDenseBackwardWeights(Builder &b) {
  const Layer l(b, "src", "diffDst", "diffWeights");
  const auto type = productType(l.src, l.dst);
  productBackwardWeights(b, readingMatrix(b, l.src, l.rows, type), readingMatrix(b, l.dst, l.rows, type),
                         writingWeights(b, l.weights, l.matrix),
                         b.view(b.tensor("diffBias", {l.out}), {vectorDesc(l.out)}));
}

}  // namespace atelier
