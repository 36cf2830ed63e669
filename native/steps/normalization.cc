// Batch normalization by channel, in training (the batch's statistics), in inference (given ones) and
// backward.
#include "../builder.h"
#include "steps.h"

namespace atelier {

namespace {

using Flags = dnnl::normalization_flags;

// [n, features] is an image of one pixel.
Shape imageShape(const Tensor &tensor) {
  const auto &shape = tensor.shape();
  if (shape.size() == 4) return shape;
  if (shape.size() == 2) return {shape[0], 1, 1, shape[1]};
  throw std::invalid_argument(tensor.spec.name + ": expected two or four extents, received " +
                              formatShape(shape));
}

// The pieces that all three steps share.
struct Normalization {
  Builder &b;
  const Tensor &src;
  Shape shape;
  memory::desc data, vector;
  float epsilon;
  Flags flags;

  explicit Normalization(Builder &builder)
      : b(builder),
        src(b.tensor("src")),
        shape(imageShape(src)),
        data(imageDesc(shape, src.type(), src.layout)),
        vector(vectorDesc(shape[3])),
        epsilon(static_cast<float>(b.fields().number("epsilon"))),
        flags(Flags::use_scale | Flags::use_shift) {
    b.tensor("src", src.shape(), {DType::f32, DType::bf16});
    if (b.fields().flag("relu")) flags = flags | Flags::fuse_norm_relu;
  }
  dnnl::memory channels(const char *field) const { return b.view(b.tensor(field, {shape[3]}), {vector}); }
  // Of the same shape as src, in src's type for the primitive.
  dnnl::memory readingLike(const char *field) const {
    const auto &tensor = b.tensor(field, src.shape(), {DType::f32, DType::bf16});
    return b.reading(tensor, {imageDesc(shape, tensor.type(), tensor.layout)}, data);
  }
  dnnl::memory writingLike(const char *field) const {
    const auto &tensor = b.tensor(field, src.shape(), {DType::f32, DType::bf16});
    return b.writing(tensor, {imageDesc(shape, tensor.type(), tensor.layout)}, data);
  }
  auto training() const {
    return onednn::batchNormalizationForward(b.engine(), dnnl::prop_kind::forward_training, data, epsilon,
                                             flags);
  }
};

}  // namespace

void buildBatchNormalization(Builder &b) {
  const Normalization n(b);
  const auto desc = n.training();
  Arguments arguments{{DNNL_ARG_SRC, b.view(n.src, {n.data})},     {DNNL_ARG_SCALE, n.channels("gamma")},
                      {DNNL_ARG_SHIFT, n.channels("beta")},        {DNNL_ARG_MEAN, n.channels("mean")},
                      {DNNL_ARG_VARIANCE, n.channels("variance")}, {DNNL_ARG_DST, n.writingLike("dst")}};
  if (b.fields().flag("relu")) {
    auto *mask = b.optional("mask");
    const auto note = desc.workspace_desc();
    arguments[DNNL_ARG_WORKSPACE] = mask ? b.writingOpaque(*mask, note) : b.scratch(note);
  }
  b.run<dnnl::batch_normalization_forward>(desc, std::move(arguments));
}

void buildBatchNormalizationInference(Builder &b) {
  const Normalization n(b);
  const auto desc = onednn::batchNormalizationForward(b.engine(), dnnl::prop_kind::forward_inference, n.data,
                                                      n.epsilon, n.flags | Flags::use_global_stats);
  b.run<dnnl::batch_normalization_forward>(desc, {{DNNL_ARG_SRC, b.view(n.src, {n.data})},
                                                  {DNNL_ARG_SCALE, n.channels("gamma")},
                                                  {DNNL_ARG_SHIFT, n.channels("beta")},
                                                  {DNNL_ARG_MEAN, n.channels("mean")},
                                                  {DNNL_ARG_VARIANCE, n.channels("variance")},
                                                  {DNNL_ARG_DST, n.writingLike("dst")}});
}

void buildBatchNormalizationBackward(Builder &b) {
  const Normalization n(b);
  const auto desc = onednn::batchNormalizationBackward(b.engine(), n.data, n.epsilon, n.flags, n.training());
  Arguments arguments{
      {DNNL_ARG_SRC, b.view(n.src, {n.data})},        {DNNL_ARG_DIFF_DST, n.readingLike("diffDst")},
      {DNNL_ARG_SCALE, n.channels("gamma")},          {DNNL_ARG_MEAN, n.channels("mean")},
      {DNNL_ARG_VARIANCE, n.channels("variance")},    {DNNL_ARG_DIFF_SRC, n.writingLike("diffSrc")},
      {DNNL_ARG_DIFF_SCALE, n.channels("diffGamma")}, {DNNL_ARG_DIFF_SHIFT, n.channels("diffBeta")}};
  if (onednn::backwardTakesShift) arguments[DNNL_ARG_SHIFT] = n.channels("beta");
  if (b.fields().flag("relu"))
    arguments[DNNL_ARG_WORKSPACE] = b.readingOpaque(b.tensor("mask"), desc.workspace_desc());
  b.run<dnnl::batch_normalization_backward>(desc, std::move(arguments));
}

}  // namespace atelier
