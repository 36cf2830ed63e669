// Convolutions: oneDNN's, or matrix products where the window comes down to one tap.
#include <cstring>

#include "../kernels/unrolled.h"
#include "geometry.h"
#include "products.h"
#include "steps.h"

namespace atelier {

namespace {

constexpr auto f32 = memory::data_type::f32;
constexpr auto any = memory::format_tag::any;

// The input pixels that the one tap meets, as a matrix.
dnnl::memory gathered(Builder &b, const Geometry &g, const Tensor &src, memory::data_type type) {
  if (g.everyPixel()) return readingMatrix(b, src, g.pixels(), type);
  const auto images = readingMatrix(b, src, g.images * g.height * g.width, type);
  const auto rows = b.scratch(matrixDesc(g.pixels(), g.in, type));
  b.kernel([grid = g.grid(memory::data_type_size(type)), images, rows] {
    gatherPixels(grid, static_cast<const char *>(images.get_data_handle()), static_cast<char *>(rows.get_data_handle()));
  });
  return rows;
}

dnnl::memory readingImage(Builder &b, const Tensor &tensor, memory::data_type type) {
  return b.reading(tensor, {imageDesc(tensor.shape(), tensor.type())}, imageDesc(tensor.shape(), type));
}

memory::desc anyWeights(const Geometry &g, memory::data_type type) { return memory::desc(g.weights(), type, any); }

auto forwardDesc(const Builder &b, const Geometry &g, memory::data_type src, memory::data_type dst, bool relu) {
  return onednn::convolutionForward(b.engine(), imageDesc(g.src(), src), anyWeights(g, src), vectorDesc(g.out),
                                    imageDesc(g.dst(), dst), g.window, relu);
}

Unrolled unrolledOf(const Geometry &g) {
  Unrolled u{g.in, g.out, g.height * g.width, g.outHeight * g.outWidth, {}};
  u.taps.resize(g.kernelHeight * g.kernelWidth);
  for (int64_t tap = 0; tap < g.kernelHeight * g.kernelWidth; tap++) {
    for (int64_t q = 0; q < u.outPixels; q++) {
      const auto y = q / g.outWidth * g.window.strides[0] - g.window.before[0] + tap / g.kernelWidth;
      const auto x = q % g.outWidth * g.window.strides[1] - g.window.before[1] + tap % g.kernelWidth;
      if (y >= 0 && y < g.height && x >= 0 && x < g.width) u.taps[tap].emplace_back(y * g.width + x, q);
    }
  }
  return u;
}

// Over a tiny image: the gradient of the matrix from all pixels to all output pixels, folded back into taps.
void buildUnrolledBackwardWeights(Builder &b, const Geometry &g, memory::data_type type) {
  const auto &diffWeights = b.tensor("diffWeights"), &diffBias = b.tensor("diffBias");
  const auto u = unrolledOf(g);
  const auto in = u.inPixels * u.in, out = u.outPixels * u.out;
  const WeightMatrix matrix{in, out, out, 1};
  const auto unrolled = b.scratch(matrix.transposed(f32));
  const auto bias = b.scratch(vectorDesc(out));
  productBackwardWeights(b, readingMatrix(b, b.tensor("src"), g.images, type),
                         readingMatrix(b, b.tensor("diffDst"), g.images, type), unrolled, matrix, bias);
  const auto kernel =
      b.writing(diffWeights, kernelView(g, diffWeights), memory::desc(g.weights(), f32, memory::format_tag::hwio));
  b.kernel([u, unrolled, bias, kernel, &diffBias] {
    foldKernel(u, static_cast<const float *>(unrolled.get_data_handle()), static_cast<float *>(kernel.get_data_handle()));
    foldBias(u, static_cast<const float *>(bias.get_data_handle()), diffBias.as<float>());
  });
}

}  // namespace

void buildConvolution(Builder &b) {
  const auto g = geometryOf(b, "src", "weights", "dst");
  const auto &src = b.tensor("src"), &weights = b.tensor("weights"), &dst = b.tensor("dst");
  const auto &bias = b.tensor("bias", {g.out});
  const bool relu = b.fields().flag("relu");
  if (g.pointwise()) {
    productForward(b, gathered(b, g, src, src.type()), weights, kernelMatrix(g, weights), bias,
                   b.view(dst, {matrixDesc(g.pixels(), g.out, dst.type())}), relu);
    return;
  }
  const auto desc = forwardDesc(b, g, src.type(), dst.type(), relu);
  const auto values = b.reading(weights, kernelView(g, weights), desc.weights_desc());
  b.note("weights " + onednn::layoutOf(desc.weights_desc()));
  b.run<dnnl::convolution_forward>(desc, {{DNNL_ARG_SRC, b.view(src, {desc.src_desc()})},
                                          {DNNL_ARG_WEIGHTS, values},
                                          {DNNL_ARG_BIAS, b.view(bias, {vectorDesc(g.out)})},
                                          {DNNL_ARG_DST, b.view(dst, {desc.dst_desc()})}});
}

void buildConvolutionBackwardData(Builder &b) {
  const auto g = geometryOf(b, "diffSrc", "weights", "diffDst");
  const auto &diffSrc = b.tensor("diffSrc"), &weights = b.tensor("weights"), &diffDst = b.tensor("diffDst");
  const auto type = productType(diffDst, diffSrc);
  if (g.pointwise()) {
    const auto gradient = readingMatrix(b, diffDst, g.pixels(), type);
    const auto matrix = kernelMatrix(g, weights);
    const auto desc = matrixDesc(g.pixels(), g.in, diffSrc.type());
    if (g.everyPixel()) return productBackwardData(b, gradient, weights, matrix, b.view(diffSrc, {desc}));
    const auto rows = b.scratch(desc);
    productBackwardData(b, gradient, weights, matrix, rows);
    b.kernel([grid = g.grid(bytesOf(diffSrc.spec.dtype)), rows, &diffSrc] {
      scatterPixels(grid, static_cast<const char *>(rows.get_data_handle()), diffSrc.as<char>());
    });
    return;
  }
  const auto hint = forwardDesc(b, g, type, type, false);
  const auto desc = onednn::convolutionBackwardData(b.engine(), imageDesc(g.src(), diffSrc.type()),
                                                    anyWeights(g, type), imageDesc(g.dst(), type), g.window, hint);
  const auto values = b.reading(weights, kernelView(g, weights), desc.weights_desc());
  b.note("weights " + onednn::layoutOf(desc.weights_desc()));
  b.run<dnnl::convolution_backward_data>(desc, {{DNNL_ARG_DIFF_DST, readingImage(b, diffDst, type)},
                                                {DNNL_ARG_WEIGHTS, values},
                                                {DNNL_ARG_DIFF_SRC, b.view(diffSrc, {desc.diff_src_desc()})}});
}

void buildConvolutionBackwardWeights(Builder &b) {
  const auto g = geometryOf(b, "src", "diffWeights", "diffDst");
  const auto &src = b.tensor("src"), &diffDst = b.tensor("diffDst");
  const auto &diffWeights = b.tensor("diffWeights"), &diffBias = b.tensor("diffBias", {g.out});
  const auto type = productType(src, diffDst);
  if (g.reduced) {
    b.kernel([&diffWeights] { std::memset(diffWeights.data, 0, diffWeights.bytes); });
  }
  if (g.pointwise()) {
    productBackwardWeights(b, gathered(b, g, src, type), readingMatrix(b, diffDst, g.pixels(), type), diffWeights,
                           kernelMatrix(g, diffWeights), diffBias);
    return;
  }
  if (g.tiny()) return buildUnrolledBackwardWeights(b, g, type);
  const auto hint = forwardDesc(b, g, type, type, false);
  const auto desc = onednn::convolutionBackwardWeights(b.engine(), imageDesc(g.src(), type), anyWeights(g, f32),
                                                       vectorDesc(g.out), imageDesc(g.dst(), type), g.window, hint);
  const auto values = b.writing(diffWeights, kernelView(g, diffWeights), desc.diff_weights_desc());
  b.run<dnnl::convolution_backward_weights>(desc, {{DNNL_ARG_SRC, readingImage(b, src, type)},
                                                   {DNNL_ARG_DIFF_DST, readingImage(b, diffDst, type)},
                                                   {DNNL_ARG_DIFF_WEIGHTS, values},
                                                   {DNNL_ARG_DIFF_BIAS, b.view(diffBias, {vectorDesc(g.out)})}});
}

}  // namespace atelier
