#include "../kernels/pixels.h"
#include "convolution.h"
#include "products.h"

namespace atelier {

namespace {

// The input pixels that the tap meets, as a matrix.
dnnl::memory gathered(Builder &b, const Geometry &g, const Tensor &src, memory::data_type type) {
  if (g.everyPixel()) return readingMatrix(b, src, g.pixels(), type);
  const auto images = readingMatrix(b, src, g.images * g.height * g.width, type);
  const auto rows = b.scratch(matrixDesc(g.pixels(), g.in, type));
  b.kernel([grid = g.grid(memory::data_type_size(type)), images, rows] {
    gatherPixels(grid, dataOf<const char>(images), dataOf<char>(rows));
  });
  return rows;
}

}  // namespace

void pointwiseForward(Builder &b, const Geometry &g) {
  const auto &src = b.tensor("src"), &weights = b.tensor("weights"), &dst = b.tensor("dst");
  productForward(b, gathered(b, g, src, src.type()),
                 readingWeights(b, weights, kernelMatrix(g, weights), src.type()),
                 biasRow(b, b.tensor("bias")), b.view(dst, {matrixDesc(g.pixels(), g.out, dst.type())}),
                 b.fields().flag("relu"));
}

void pointwiseBackwardData(Builder &b, const Geometry &g) {
  const auto &diffSrc = b.tensor("diffSrc"), &weights = b.tensor("weights"), &diffDst = b.tensor("diffDst");
  const auto type = productType(diffDst, diffSrc);
  const auto desc = matrixDesc(g.pixels(), g.in, diffSrc.type());
  const auto rows = g.everyPixel() ? b.view(diffSrc, {desc}) : b.scratch(desc);
  productBackwardData(b, readingMatrix(b, diffDst, g.pixels(), type),
                      readingTransposed(b, weights, kernelMatrix(g, weights), type), rows);
  if (g.everyPixel()) return;
  b.kernel([grid = g.grid(bytesOf(diffSrc.spec.dtype)), rows, &diffSrc] {
    scatterPixels(grid, dataOf<const char>(rows), diffSrc.as<char>());
  });
}

void pointwiseBackwardWeights(Builder &b, const Geometry &g) {
  const auto &src = b.tensor("src"), &diffDst = b.tensor("diffDst"), &diffWeights = b.tensor("diffWeights");
  const auto type = productType(src, diffDst);
  productBackwardWeights(b, gathered(b, g, src, type), readingMatrix(b, diffDst, g.pixels(), type),
                         writingWeights(b, diffWeights, kernelMatrix(g, diffWeights)),
                         b.view(b.tensor("diffBias"), {vectorDesc(g.out)}));
}

}  // namespace atelier
