#include "geometry.h"

namespace atelier {

namespace {

struct Axis {
  int64_t size, window, out, stride, before;

  bool inside(int64_t tap, int64_t at) const {
    const auto place = at * stride - before + tap;
    return place >= 0 && place < size;
  }
  // The only tap that ever meets a pixel, if it always does; else -1.
  int64_t onlyTap() const {
    int64_t only = -1;
    for (int64_t tap = 0; tap < window; tap++) {
      int64_t met = 0;
      for (int64_t at = 0; at < out; at++) met += inside(tap, at);
      if (met == 0) continue;
      if (only >= 0 || met < out) return -1;
      only = tap;
    }
    return only;
  }
};

}  // namespace

Geometry geometryOf(const Builder &b, const char *src, const char *weights, const char *dst) {
  const auto rank4 = [&](const char *field) {
    const auto &shape = b.tensor(field).shape();
    if (shape.size() != 4) {
      throw std::invalid_argument(std::string(field) + ": expected four extents, received " + formatShape(shape));
    }
    return shape;
  };
  const auto image = rank4(src), kernel = rank4(weights), result = rank4(dst);
  const auto strides = b.fields().integers("strides", 2);
  const auto padding = b.fields().integers("padding", 4);
  Geometry g{image[0], image[1], image[2], image[3], kernel[2], kernel[3], 0, 0, kernel[0], {}};
  g.window = {{kernel[2], kernel[3]}, strides, {padding[0], padding[1]}, {padding[2], padding[3]}};
  g.outHeight = (g.height + padding[0] + padding[2] - g.kernelHeight) / strides[0] + 1;
  g.outWidth = (g.width + padding[1] + padding[3] - g.kernelWidth) / strides[1] + 1;
  b.tensor(weights, g.weights());
  b.tensor(src, g.src(), {DType::f32, DType::bf16});
  b.tensor(dst, g.dst(), {DType::f32, DType::bf16});
  return g;
}

std::optional<Pointwise> pointwiseOf(const Geometry &g) {
  const auto &w = g.window;
  const Axis vertical{g.height, g.kernelHeight, g.outHeight, w.strides[0], w.before[0]};
  const Axis horizontal{g.width, g.kernelWidth, g.outWidth, w.strides[1], w.before[1]};
  const auto row = vertical.onlyTap(), column = horizontal.onlyTap();
  if (row < 0 || column < 0) return std::nullopt;
  const PixelGrid grid{g.images,          g.height,             g.width,      g.outHeight,  g.outWidth,
                       row - w.before[0], column - w.before[1], w.strides[0], w.strides[1], 0};
  return Pointwise{row, column, grid, g.height == g.outHeight && g.width == g.outWidth};
}

WeightMatrix tapMatrix(const Geometry &g, const Tensor &kernel, const Pointwise &tap) {
  const auto taps = g.kernelHeight * g.kernelWidth;
  const auto index = tap.row * g.kernelWidth + tap.column;
  if (kernel.layout == Layout::kernel) return {g.in, g.out, g.out, 1, index * g.in * g.out * sizeof(float)};
  return {g.in, g.out, taps, g.in * taps, index * sizeof(float)};
}

}  // namespace atelier
