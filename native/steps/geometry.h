// The extents of a convolution, checked, and the tap that is all of it where no other touches a pixel.
#pragma once

#include <optional>

#include "../builder.h"
#include "../kernels/pixels.h"
#include "products.h"

namespace atelier {

struct Geometry {
  int64_t images, height, width, in;
  int64_t kernelHeight, kernelWidth;
  int64_t outHeight, outWidth, out;
  onednn::Window window;

  Shape src() const { return {images, height, width, in}; }
  Shape dst() const { return {images, outHeight, outWidth, out}; }
  Shape weights() const { return {out, in, kernelHeight, kernelWidth}; }
  int64_t pixels() const { return images * outHeight * outWidth; }
};

// Reads the fields of a convolution step, given the names of its images, and checks its shapes.
Geometry geometryOf(const Builder &builder, const char *src, const char *weights, const char *dst);

// A convolution by one tap of its window: every output pixel is a product of one input pixel.
struct Pointwise {
  int64_t row, column;  // of the tap
  PixelGrid grid;       // of the input pixels; bytes are those of one channel
  bool everyPixel;      // the grid is the whole image
};

// Set for 1 x 1 windows, and for larger ones whose other taps meet nothing but padding (3 x 3 over a single pixel).
std::optional<Pointwise> pointwiseOf(const Geometry &geometry);

// The tap's matrix within a kernel tensor.
WeightMatrix tapMatrix(const Geometry &geometry, const Tensor &kernel, const Pointwise &tap);

}  // namespace atelier
