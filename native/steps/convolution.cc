#include "convolution.h"

#include <cstring>

#include "../layouts.h"
#include "products.h"
#include "steps.h"

namespace atelier {

namespace {

constexpr auto f32 = memory::data_type::f32;

// How the images at both ends of a convolution lie.
struct Layouts {
  Layout src, dst;

  // Few channels before a blocked result: oneDNN takes them in planes, or padded to a block.
  bool mixed() const { return isBlocked(dst) && !isBlocked(src); }
};

Layouts layoutsOf(const Tensor &src, const Tensor &dst) { return {src.layout, dst.layout}; }

memory::desc srcDesc(const Geometry &g, memory::data_type type, Layouts layouts) {
  if (!layouts.mixed()) return imageDesc(g.src(), type, layouts.src);
  return memory::desc({g.images, g.in, g.height, g.width}, type, memory::format_tag::any);
}

dnnl::memory readingSrc(Builder &b, const Geometry &g, const Tensor &src, const memory::desc &wanted) {
  return b.reading(src, {imageDesc(g.src(), src.type(), src.layout)}, wanted);
}

dnnl::memory readingGradient(Builder &b, const Tensor &diffDst, memory::data_type type) {
  return b.reading(diffDst, {imageDesc(diffDst.shape(), diffDst.type(), diffDst.layout)},
                   imageDesc(diffDst.shape(), type, diffDst.layout));
}

// Weights as oneDNN likes them best.
memory::desc anyWeights(const Geometry &g, memory::data_type type) {
  return memory::desc(g.weights(), type, memory::format_tag::any);
}

dnnl::memory readingKernel(Builder &b, const Geometry &g, const Tensor &weights, const memory::desc &wanted) {
  b.note("weights " + onednn::layoutOf(wanted));
  return b.reading(weights, kernelView(g, weights), wanted);
}

// Says how blocked images lie.
void noteBlocks(Builder &b, const memory::desc &dst, Layout layout) {
  if (isBlocked(layout)) b.note("images " + onednn::layoutOf(dst));
}

auto forwardDesc(const Builder &b, const Geometry &g, Layouts layouts, memory::data_type src,
                 memory::data_type dst, bool relu) {
  return onednn::convolutionForward(b.engine(), srcDesc(g, src, layouts), anyWeights(g, src),
                                    vectorDesc(g.out), imageDesc(g.dst(), dst, layouts.dst), g.window, relu);
}

auto backwardDataDesc(const Builder &b, const Geometry &g, Layouts layouts, memory::data_type src,
                      memory::data_type type) {
  return onednn::convolutionBackwardData(b.engine(), srcDesc(g, src, layouts), anyWeights(g, type),
                                         imageDesc(g.dst(), type, layouts.dst), g.window,
                                         forwardDesc(b, g, layouts, type, type, false));
}

auto backwardWeightsDesc(const Builder &b, const Geometry &g, Layouts layouts, memory::data_type type) {
  return onednn::convolutionBackwardWeights(b.engine(), srcDesc(g, type, layouts), anyWeights(g, f32),
                                            vectorDesc(g.out), imageDesc(g.dst(), type, layouts.dst),
                                            g.window, forwardDesc(b, g, layouts, type, type, false));
}

// In f32, the images in that layout where they have enough channels.
std::string kernelOverBlocks(const Builder &b, Layout layout) {
  const auto has = [&](const char *field) { return b.fields().has(field); };
  const auto *src = has("diffSrc") ? "diffSrc" : "src", *dst = has("diffDst") ? "diffDst" : "dst";
  const auto g = geometryOf(b, src, has("diffWeights") ? "diffWeights" : "weights", dst);
  if (g.pointwise() || g.tiny()) return "ref";
  const Layouts layouts{g.in <= fewChannels ? Layout::plain : layout, layout};
  if (has("diffWeights")) return backwardWeightsDesc(b, g, layouts, f32).impl_info_str();
  if (has("diffSrc")) return backwardDataDesc(b, g, layouts, f32, f32).impl_info_str();
  return forwardDesc(b, g, layouts, f32, f32, false).impl_info_str();
}

}  // namespace

bool convolutionTakesBlocks(const Builder &b, Layout layout) {
  return kernelOverBlocks(b, layout).rfind("ref", 0) != 0;
}

void buildConvolution(Builder &b) {
  const auto g = geometryOf(b, "src", "weights", "dst");
  const auto &src = b.tensor("src"), &weights = b.tensor("weights"), &dst = b.tensor("dst");
  const auto &bias = b.tensor("bias", {g.out});
  if (g.pointwise()) return pointwiseForward(b, g);
  if (canUnroll(g, weights)) return unrolledForward(b, g);
  const auto desc =
      forwardDesc(b, g, layoutsOf(src, dst), src.type(), dst.type(), b.fields().flag("relu"));
  noteBlocks(b, desc.dst_desc(), dst.layout);
  b.run<dnnl::convolution_forward>(desc,
                                   {{DNNL_ARG_SRC, readingSrc(b, g, src, desc.src_desc())},
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
  const auto desc = backwardDataDesc(b, g, layoutsOf(diffSrc, diffDst), diffSrc.type(), type);
  const auto seen = imageDesc(g.src(), diffSrc.type(), diffSrc.layout);
  noteBlocks(b, desc.diff_dst_desc(), diffDst.layout);
  b.run<dnnl::convolution_backward_data>(
      desc, {{DNNL_ARG_DIFF_DST, readingGradient(b, diffDst, type)},
             {DNNL_ARG_WEIGHTS, readingKernel(b, g, weights, desc.weights_desc())},
             {DNNL_ARG_DIFF_SRC, b.writing(diffSrc, {seen}, desc.diff_src_desc())}});
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
  const auto desc = backwardWeightsDesc(b, g, layoutsOf(src, diffDst), type);
  noteBlocks(b, desc.diff_dst_desc(), diffDst.layout);
  const auto values = b.writing(diffWeights, kernelView(g, diffWeights), desc.diff_weights_desc());
  b.run<dnnl::convolution_backward_weights>(desc,
                                            {{DNNL_ARG_SRC, readingSrc(b, g, src, desc.src_desc())},
                                             {DNNL_ARG_DIFF_DST, readingGradient(b, diffDst, type)},
                                             {DNNL_ARG_DIFF_WEIGHTS, values},
                                             {DNNL_ARG_DIFF_BIAS, b.view(diffBias, {vectorDesc(g.out)})}});
}

}  // namespace atelier
