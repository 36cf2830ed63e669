// Max pooling (padding counts as minus infinity) and the mean over all positions.
#include "../builder.h"
#include "steps.h"

namespace atelier {

namespace {

using dnnl::algorithm;
using dnnl::prop_kind;

const std::initializer_list<DType> values = {DType::f32, DType::bf16};

onednn::Window windowOf(const Builder &b) {
  const auto padding = b.fields().integers("padding", 4);
  return {b.fields().integers("window", 2),
          b.fields().integers("strides", 2),
          {padding[0], padding[1]},
          {padding[2], padding[3]}};
}

const Shape &imageShape(const Tensor &tensor) {
  if (tensor.shape().size() == 4) return tensor.shape();
  throw std::invalid_argument(tensor.spec.name + ": expected four extents, received " +
                              formatShape(tensor.shape()));
}

Shape pooledShape(const Shape &image, const onednn::Window &w) {
  const auto extent = [&](int axis) {
    return (image[axis + 1] + w.before[axis] + w.after[axis] - w.size[axis]) / w.strides[axis] + 1;
  };
  return {image[0], extent(0), extent(1), image[3]};
}

// The window that covers the whole image.
onednn::Window wholeImage(const Shape &image) {
  const memory::dims size{image[1], image[2]};
  return {size, size, {0, 0}, {0, 0}};
}

Shape onePixel(const Shape &image) { return {image[0], 1, 1, image[3]}; }

}  // namespace

void buildMaxPooling(Builder &b) {
  const auto window = windowOf(b);
  const auto &src = b.tensor("src");
  const auto pooled = pooledShape(imageShape(src), window);
  const auto &dst = b.tensor("dst", pooled, {src.spec.dtype});
  auto *indices = b.optional("indices");
  const auto desc = onednn::poolingForward(
      b.engine(), indices ? prop_kind::forward_training : prop_kind::forward_inference,
      algorithm::pooling_max, imageDesc(src.shape(), src.type(), src.layout),
      imageDesc(pooled, dst.type(), dst.layout), window);
  Arguments arguments{{DNNL_ARG_SRC, b.view(src, {desc.src_desc()})},
                      {DNNL_ARG_DST, b.view(dst, {desc.dst_desc()})}};
  if (indices) arguments[DNNL_ARG_WORKSPACE] = b.writingOpaque(*indices, desc.workspace_desc());
  b.run<dnnl::pooling_forward>(desc, std::move(arguments));
}

void buildMaxPoolingBackward(Builder &b) {
  const auto window = windowOf(b);
  const auto &diffSrc = b.tensor("diffSrc");
  const auto pooled = pooledShape(imageShape(diffSrc), window);
  const auto &diffDst = b.tensor("diffDst", pooled, {diffSrc.spec.dtype});
  const auto src = imageDesc(diffSrc.shape(), diffSrc.type(), diffSrc.layout),
             dst = imageDesc(pooled, diffDst.type(), diffDst.layout);
  const auto hint = onednn::poolingForward(b.engine(), prop_kind::forward_training, algorithm::pooling_max,
                                           src, dst, window);
  const auto desc = onednn::poolingBackward(b.engine(), algorithm::pooling_max, src, dst, window, hint);
  b.run<dnnl::pooling_backward>(
      desc, {{DNNL_ARG_DIFF_DST, b.view(diffDst, {dst})},
             {DNNL_ARG_DIFF_SRC, b.view(diffSrc, {src})},
             {DNNL_ARG_WORKSPACE, b.readingOpaque(b.tensor("indices"), desc.workspace_desc())}});
}

void buildGlobalAveragePooling(Builder &b) {
  const auto &src = b.tensor("src");
  const auto &image = imageShape(src);
  const auto &dst = b.tensor("dst", {image[0], image[3]}, values);
  const auto desc = onednn::poolingForward(
      b.engine(), prop_kind::forward_inference, algorithm::pooling_avg_exclude_padding,
      imageDesc(image, src.type(), src.layout), imageDesc(onePixel(image), src.type(), src.layout),
      wholeImage(image));
  const auto seen = imageDesc(onePixel(image), dst.type(), src.layout);
  b.run<dnnl::pooling_forward>(desc, {{DNNL_ARG_SRC, b.view(src, {desc.src_desc()})},
                                      {DNNL_ARG_DST, b.writing(dst, {seen}, desc.dst_desc())}});
}

void buildGlobalAveragePoolingBackward(Builder &b) {
  const auto &diffSrc = b.tensor("diffSrc");
  const auto &image = imageShape(diffSrc);
  const auto &diffDst = b.tensor("diffDst", {image[0], image[3]}, values);
  const auto layout = diffSrc.layout;
  const auto src = imageDesc(image, diffSrc.type(), layout),
             dst = imageDesc(onePixel(image), diffSrc.type(), layout);
  const auto how = algorithm::pooling_avg_exclude_padding;
  const auto window = wholeImage(image);
  const auto hint = onednn::poolingForward(b.engine(), prop_kind::forward_training, how, src, dst, window);
  const auto desc = onednn::poolingBackward(b.engine(), how, src, dst, window, hint);
  const auto seen = imageDesc(onePixel(image), diffDst.type(), layout);
  b.run<dnnl::pooling_backward>(desc, {{DNNL_ARG_DIFF_DST, b.reading(diffDst, {seen}, dst)},
                                       {DNNL_ARG_DIFF_SRC, b.view(diffSrc, {src})}});
}

}  // namespace atelier
