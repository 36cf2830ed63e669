#include "convolution.h"

#include <cstring>

#include "products.h"
#include "steps.h"

namespace atelier {

namespace {

constexpr auto f32 = memory::data_type::f32;

dnnl::memory readingImage(Builder &b, const Tensor &tensor, memory::data_type type) {
  return b.reading(tensor, {imageDesc(tensor.shape(), tensor.type())}, imageDesc(tensor.shape(), type));
}

// Weights as oneDNN likes them best.
memory::desc anyWeights(const Geometry &g, memory::data_type type) {
  return memory::desc(g.weights(), type, memory::format_tag::any);
}

dnnl::memory readingKernel(Builder &b, const Geometry &g, const Tensor &weights, const memory::desc &wanted) {
  b.note("weights " + onednn::layoutOf(wanted));
  return b.reading(weights, kernelView(g, weights), wanted);
}

auto forwardDesc(const Builder &b, const Geometry &g, memory::data_type src, memory::data_type dst,
                 bool relu) {
  return onednn::convolutionForward(b.engine(), imageDesc(g.src(), src), anyWeights(g, src),
                                    vectorDesc(g.out), imageDesc(g.dst(), dst), g.window, relu);
}

}  // namespace

void buildConvolution(Builder &b) {
  const auto g = geometryOf(b, "src", "weights", "dst");
  const auto &src = b.tensor("src"), &weights = b.tensor("weights"), &dst = b.tensor("dst");
  const auto &bias = b.tensor("bias", {g.out});
  if (g.pointwise()) return pointwiseForward(b, g);
  if (canUnroll(g, weights)) return unrolledForward(b, g);
  const auto desc = forwardDesc(b, g, src.type(), dst.type(), b.fields().flag("relu"));
  b.run<dnnl::convolution_forward>(desc,
                                   {{DNNL_ARG_SRC, b.view(src, {desc.src_desc()})},
                                    {DNNL_ARG_WEIGHTS, readingKernel(b, g, weights, desc.weights_desc())},
                                    {DNNL_ARG_BIAS, b.view(bias, {vectorDesc(g.out)})},
                                    {DNNL_ARG_DST, b.view(dst, {desc.dst_desc()})}});
}

void buildConvolutionBackwardData(Builder &b) {
  const auto g = geometryOf(b, "diffSrc", "weights", "diffDst");
  const auto &diffSrc = b.tensor("diffSrc"), &weights = b.tensor("weights"), &diffDst = b.tensor("diffDst");
  if (g.pointwise()) return pointwiseBackwardData(b, g);
  if (canUnroll(g, weights)) return unrolledBackwardData(b, g);
  const auto type = productType(diffDst, diffSrc);
  const auto desc = onednn::convolutionBackwardData(b.engine(), imageDesc(g.src(), diffSrc.type()),
                                                    anyWeights(g, type), imageDesc(g.dst(), type), g.window,
                                                    forwardDesc(b, g, type, type, false));
  b.run<dnnl::convolution_backward_data>(
      desc, {{DNNL_ARG_DIFF_DST, readingImage(b, diffDst, type)},
             {DNNL_ARG_WEIGHTS, readingKernel(b, g, weights, desc.weights_desc())},
             {DNNL_ARG_DIFF_SRC, b.view(diffSrc, {desc.diff_src_desc()})}});
}

void buildConvolutionBackwardWeights(Builder &b) {
  const auto g = geometryOf(b, "src", "diffWeights", "diffDst");
  const auto &src = b.tensor("src"), &diffDst = b.tensor("diffDst");
  const auto &diffWeights = b.tensor("diffWeights"), &diffBias = b.tensor("diffBias", {g.out});
  // The taps that meet nothing have no gradient.
  if (g.reduced) b.kernel([&diffWeights] { std::memset(diffWeights.data, 0, diffWeights.bytes); });
  if (g.pointwise()) return pointwiseBackwardWeights(b, g);
  if (g.tiny()) return unrolledBackwardWeights(b, g);
  const auto type = productType(src, diffDst);
  const auto desc = onednn::convolutionBackwardWeights(
      b.engine(), imageDesc(g.src(), type), anyWeights(g, f32), vectorDesc(g.out), imageDesc(g.dst(), type),
      g.window, forwardDesc(b, g, type, type, false));
  const auto values = b.writing(diffWeights, kernelView(g, diffWeights), desc.diff_weights_desc());
  b.run<dnnl::convolution_backward_weights>(desc,
                                            {{DNNL_ARG_SRC, readingImage(b, src, type)},
                                             {DNNL_ARG_DIFF_DST, readingImage(b, diffDst, type)},
                                             {DNNL_ARG_DIFF_WEIGHTS, values},
                                             {DNNL_ARG_DIFF_BIAS, b.view(diffBias, {vectorDesc(g.out)})}});
}

}  // namespace atelier
