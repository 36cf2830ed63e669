#include "geometry.h"

namespace atelier {

namespace {

// One axis of a convolution.
struct Axis {
  int64_t size, kernel, stride, before, after;
  int64_t out = (size + before + after - kernel) / stride + 1;
  int64_t first = 0;

  bool meetsPixel(int64_t tap) const {
    for (int64_t at = 0; at < out; at++) {
      const auto place = at * stride - before + tap;
      if (place >= 0 && place < size) return true;
    }
    return false;
  }
  // Leaves out the taps at either end that meet nothing but padding.
  void reduce() {
    const auto whole = kernel;
    while (kernel > 1 && !meetsPixel(kernel - 1)) kernel--;
    if (kernel < whole) after = (out - 1) * stride - before + kernel - size;
    while (kernel > 1 && !meetsPixel(0)) {
      kernel--;
      before--;
      first++;
    }
    // A stride that is never taken. (oneDNN 3.7 goes wrong where it is larger than the window.)
    if (out == 1 && before + size + after == kernel) stride = 1;
  }
};

struct KernelStrides {
  int64_t out, in, row, column;
};

KernelStrides stridesOf(const Tensor &kernel) {
  const auto &s = kernel.shape();
  if (kernel.layout == Layout::kernel) return {1, s[0], s[3] * s[1] * s[0], s[1] * s[0]};
  return {s[1] * s[2] * s[3], s[2] * s[3], s[3], 1};
}

}  // namespace

Geometry geometryOf(const Builder &b, const char *src, const char *weights, const char *dst) {
  const auto rank4 = [&](const char *field) {
    const auto &shape = b.tensor(field).shape();
    if (shape.size() == 4) return shape;
    throw std::invalid_argument(std::string(field) + ": expected four extents, received " +
                                formatShape(shape));
  };
  const auto image = rank4(src), kernel = rank4(weights);
  const auto strides = b.fields().integers("strides", 2);
  const auto padding = b.fields().integers("padding", 4);
  Axis rows{image[1], kernel[2], strides[0], padding[0], padding[2]};
  Axis columns{image[2], kernel[3], strides[1], padding[1], padding[3]};
  b.tensor(weights, {kernel[0], image[3], kernel[2], kernel[3]});
  b.tensor(src, image, {DType::f32, DType::bf16});
  b.tensor(dst, {image[0], rows.out, columns.out, kernel[0]}, {DType::f32, DType::bf16});
  rows.reduce();
  columns.reduce();
  Geometry g;
  g.images = image[0], g.height = image[1], g.width = image[2], g.in = image[3];
  g.kernelHeight = rows.kernel, g.kernelWidth = columns.kernel, g.top = rows.first, g.left = columns.first;
  g.outHeight = rows.out, g.outWidth = columns.out, g.out = kernel[0];
  g.window = {{rows.kernel, columns.kernel},
              {rows.stride, columns.stride},
              {rows.before, columns.before},
              {rows.after, columns.after}};
  g.reduced = rows.kernel < kernel[2] || columns.kernel < kernel[3];
  return g;
}

bool Geometry::pointwise() const {
  const auto inside = [](int64_t size, int64_t out, int64_t stride, int64_t before) {
    return before == 0 && (out - 1) * stride < size;
  };
  return kernelHeight == 1 && kernelWidth == 1 &&
         inside(height, outHeight, window.strides[0], window.before[0]) &&
         inside(width, outWidth, window.strides[1], window.before[1]);
}

PixelGrid Geometry::grid(int64_t bytesOfValue) const {
  return {images,           height, width, outHeight, outWidth, window.strides[0], window.strides[1],
          in * bytesOfValue};
}

View kernelView(const Geometry &g, const Tensor &kernel) {
  const auto s = stridesOf(kernel);
  return {memory::desc(g.weights(), kernel.type(), {s.out, s.in, s.row, s.column}),
          (g.top * s.row + g.left * s.column) * sizeof(float)};
}

WeightMatrix kernelMatrix(const Geometry &g, const Tensor &kernel) {
  const auto s = stridesOf(kernel);
  return {g.in, g.out, s.in, s.out, kernelView(g, kernel).offset};
}

}  // namespace atelier
