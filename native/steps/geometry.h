// The extents of a convolution, checked, its window reduced to the taps that ever meet a pixel (the middle
// one alone, for 3 x 3 over a single pixel): the others cost time, and have no gradient.
#pragma once

#include "../builder.h"
#include "../kernels/pixels.h"
#include "products.h"

namespace atelier {

struct Geometry {
  int64_t images, height, width, in;
  // Of the reduced window, and where that begins in the whole one.
  int64_t kernelHeight, kernelWidth, top, left;
  int64_t outHeight, outWidth, out;
  onednn::Window window;
  bool reduced;

  Shape src() const { return {images, height, width, in}; }
  Shape dst() const { return {images, outHeight, outWidth, out}; }
  Shape weights() const { return {out, in, kernelHeight, kernelWidth}; }
  int64_t pixels() const { return images * outHeight * outWidth; }
  // Whether each output pixel is a matrix product of one input pixel, and whether these are all pixels in
  // order.
  bool pointwise() const;
  bool everyPixel() const { return height == outHeight && width == outWidth; }
  PixelGrid grid(int64_t bytesOfValue) const;
  // Whether the image has so few pixels that a matrix from all of them to all output pixels is less work than
  // the window (3 x 3 over 2 x 2 pixels).
  bool tiny() const { return height * width <= kernelHeight * kernelWidth; }
};

// Reads the fields of a convolution step, given the names of its images, and checks its shapes.
Geometry geometryOf(const Builder &builder, const char *src, const char *weights, const char *dst);

// The reduced window within a kernel tensor.
View kernelView(const Geometry &geometry, const Tensor &kernel);
// The same as a matrix, when pointwise.
WeightMatrix kernelMatrix(const Geometry &geometry, const Tensor &kernel);

}  // namespace atelier
