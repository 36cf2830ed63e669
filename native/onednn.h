// Everything in which oneDNN 2.x and 3.x differ, as factories of primitive descriptors and a few questions.
#pragma once

#include <oneapi/dnnl/dnnl.hpp>

#include <string>

namespace atelier::onednn {

using dnnl::algorithm;
using dnnl::memory;
using dnnl::prop_kind;

#if DNNL_VERSION_MAJOR >= 3
#define ATELIER_ONEDNN_3 1
#else
#define ATELIER_ONEDNN_3 0
#endif

// Scratch memory is the caller's, so that all primitives share one piece.
inline dnnl::primitive_attr attributes(bool relu = false) {
  dnnl::primitive_attr attr;
  attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  if (relu) {
    dnnl::post_ops ops;
#if ATELIER_ONEDNN_3
    ops.append_eltwise(algorithm::eltwise_relu, 0.f, 0.f);
#else
    ops.append_eltwise(1.f, algorithm::eltwise_relu, 0.f, 0.f);
#endif
    attr.set_post_ops(ops);
  }
  return attr;
}

// Rows and columns moved by, and the padding before and after.
struct Window {
  memory::dims size, strides, before, after;
};

inline auto convolutionForward(const dnnl::engine &engine, const memory::desc &src,
                               const memory::desc &weights, const memory::desc &bias, const memory::desc &dst,
                               const Window &w, bool relu) {
  using P = dnnl::convolution_forward;
  const auto attr = attributes(relu);
#if ATELIER_ONEDNN_3
  return P::primitive_desc(engine, prop_kind::forward_training, algorithm::convolution_direct, src, weights,
                           bias, dst, w.strides, w.before, w.after, attr);
#else
  return P::primitive_desc(P::desc(prop_kind::forward_training, algorithm::convolution_direct, src, weights,
                                   bias, dst, w.strides, w.before, w.after),
                           attr, engine);
#endif
}

inline auto convolutionBackwardData(const dnnl::engine &engine, const memory::desc &diffSrc,
                                    const memory::desc &weights, const memory::desc &diffDst, const Window &w,
                                    const dnnl::convolution_forward::primitive_desc &hint) {
  using P = dnnl::convolution_backward_data;
#if ATELIER_ONEDNN_3
  return P::primitive_desc(engine, algorithm::convolution_direct, diffSrc, weights, diffDst, w.strides,
                           w.before, w.after, hint, attributes());
#else
  return P::primitive_desc(
      P::desc(algorithm::convolution_direct, diffSrc, weights, diffDst, w.strides, w.before, w.after),
      attributes(), engine, hint);
#endif
}

inline auto convolutionBackwardWeights(const dnnl::engine &engine, const memory::desc &src,
                                       const memory::desc &diffWeights, const memory::desc &diffBias,
                                       const memory::desc &diffDst, const Window &w,
                                       const dnnl::convolution_forward::primitive_desc &hint) {
  using P = dnnl::convolution_backward_weights;
#if ATELIER_ONEDNN_3
  return P::primitive_desc(engine, algorithm::convolution_direct, src, diffWeights, diffBias, diffDst,
                           w.strides, w.before, w.after, hint, attributes());
#else
  return P::primitive_desc(P::desc(algorithm::convolution_direct, src, diffWeights, diffBias, diffDst,
                                   w.strides, w.before, w.after),
                           attributes(), engine, hint);
#endif
}

inline auto matmul(const dnnl::engine &engine, const memory::desc &src, const memory::desc &weights,
                   const memory::desc &dst) {
  using P = dnnl::matmul;
#if ATELIER_ONEDNN_3
  return P::primitive_desc(engine, src, weights, dst, attributes());
#else
  return P::primitive_desc(P::desc(src, weights, dst), attributes(), engine);
#endif
}

inline auto matmul(const dnnl::engine &engine, const memory::desc &src, const memory::desc &weights,
                   const memory::desc &bias, const memory::desc &dst, bool relu) {
  using P = dnnl::matmul;
  const auto attr = attributes(relu);
#if ATELIER_ONEDNN_3
  return P::primitive_desc(engine, src, weights, bias, dst, attr);
#else
  return P::primitive_desc(P::desc(src, weights, bias, dst), attr, engine);
#endif
}

// The gradient is f32; the forward product that oneDNN wants to know of has its weights in src's type.
inline auto innerProductBackwardWeights(const dnnl::engine &engine, const memory::desc &src,
                                        const memory::desc &diffWeights, const memory::desc &diffBias,
                                        const memory::desc &diffDst) {
  using F = dnnl::inner_product_forward;
  using P = dnnl::inner_product_backward_weights;
#if ATELIER_ONEDNN_3
  const memory::desc weights(diffWeights.get_dims(), src.get_data_type(), diffWeights.get_strides());
  const F::primitive_desc hint(engine, prop_kind::forward_training, src, weights, diffBias, diffDst,
                               attributes());
  return P::primitive_desc(engine, src, diffWeights, diffBias, diffDst, hint, attributes());
#else
  auto weights = diffWeights;
  weights.data.data_type = src.data.data_type;
  const F::primitive_desc hint(F::desc(prop_kind::forward_training, src, weights, diffBias, diffDst),
                               attributes(), engine);
  return P::primitive_desc(P::desc(src, diffWeights, diffBias, diffDst), attributes(), engine, hint);
#endif
}

inline auto batchNormalizationForward(const dnnl::engine &engine, prop_kind kind, const memory::desc &data,
                                      float epsilon, dnnl::normalization_flags flags) {
  using P = dnnl::batch_normalization_forward;
#if ATELIER_ONEDNN_3
  return P::primitive_desc(engine, kind, data, data, epsilon, flags, attributes());
#else
  return P::primitive_desc(P::desc(kind, data, epsilon, flags), attributes(), engine);
#endif
}

// Whether the gradient of a batch normalization is given beta, which it does not need.
constexpr bool backwardTakesShift = !ATELIER_ONEDNN_3;

inline auto batchNormalizationBackward(const dnnl::engine &engine, const memory::desc &data, float epsilon,
                                       dnnl::normalization_flags flags,
                                       const dnnl::batch_normalization_forward::primitive_desc &hint) {
  using P = dnnl::batch_normalization_backward;
#if ATELIER_ONEDNN_3
  return P::primitive_desc(engine, prop_kind::backward, data, data, data, epsilon, flags, hint, attributes());
#else
  return P::primitive_desc(P::desc(prop_kind::backward, data, data, epsilon, flags), attributes(), engine,
                           hint);
#endif
}

inline auto poolingForward(const dnnl::engine &engine, prop_kind kind, algorithm how, const memory::desc &src,
                           const memory::desc &dst, const Window &w) {
  using P = dnnl::pooling_forward;
#if ATELIER_ONEDNN_3
  return P::primitive_desc(engine, kind, how, src, dst, w.strides, w.size, memory::dims(w.size.size(), 0),
                           w.before, w.after, attributes());
#else
  return P::primitive_desc(P::desc(kind, how, src, dst, w.strides, w.size, w.before, w.after), attributes(),
                           engine);
#endif
}

inline auto poolingBackward(const dnnl::engine &engine, algorithm how, const memory::desc &diffSrc,
                            const memory::desc &diffDst, const Window &w,
                            const dnnl::pooling_forward::primitive_desc &hint) {
  using P = dnnl::pooling_backward;
#if ATELIER_ONEDNN_3
  return P::primitive_desc(engine, how, diffSrc, diffDst, w.strides, w.size, memory::dims(w.size.size(), 0),
                           w.before, w.after, hint, attributes());
#else
  return P::primitive_desc(P::desc(how, diffSrc, diffDst, w.strides, w.size, w.before, w.after), attributes(),
                           engine, hint);
#endif
}

inline memory::data_type typeOf(const memory::desc &desc) {
#if ATELIER_ONEDNN_3
  return desc.get_data_type();
#else
  return desc.data_type();
#endif
}

// A layout by oneDNN's letters: dimensions from the outermost on, those that are blocked in capitals, then
// the blocks, as in `ABcd8b16a2b`.
inline std::string layoutOf(const memory::desc &desc) {
#if ATELIER_ONEDNN_3
  const auto strides = desc.get_strides();
  const auto blocks = desc.get_inner_blks();
  const auto indices = desc.get_inner_idxs();
  const int rank = desc.get_ndims();
#else
  const auto &blocking = desc.data.format_desc.blocking;
  const int rank = desc.data.ndims;
  const memory::dims strides(blocking.strides, blocking.strides + rank);
  const memory::dims blocks(blocking.inner_blks, blocking.inner_blks + blocking.inner_nblks);
  const memory::dims indices(blocking.inner_idxs, blocking.inner_idxs + blocking.inner_nblks);
#endif
  std::string name;
  std::string placed(rank, ' ');
  for (int i = 0; i < rank; i++) {
    int outermost = -1;
    for (int axis = 0; axis < rank; axis++) {
      if (placed[axis] == ' ' && (outermost < 0 || strides[axis] > strides[outermost])) outermost = axis;
    }
    placed[outermost] = 'x';
    bool blocked = false;
    for (const auto index : indices) blocked |= index == outermost;
    name += static_cast<char>((blocked ? 'A' : 'a') + outermost);
  }
  for (size_t i = 0; i < blocks.size(); i++) {
    name += std::to_string(blocks[i]) + static_cast<char>('a' + indices[i]);
  }
  return name;
}

inline memory::dims dimsOf(const memory::desc &desc) {
#if ATELIER_ONEDNN_3
  return desc.get_dims();
#else
  return desc.dims();
#endif
}

}  // namespace atelier::onednn
