// The ways to carry out a convolution other than oneDNN's own. Each reads the fields of the step being built.
#pragma once

#include "geometry.h"

namespace atelier {

// Whether oneDNN has kernels of its own for the step when its images lie in blocks. (Those that remain for any
// layout are a thousand times slower.)
bool convolutionTakesBlocks(const Builder &builder, Layout layout);

// By one tap of the window: matrix products of pixels, those in question gathered first if not all.
void pointwiseForward(Builder &builder, const Geometry &geometry);
void pointwiseBackwardData(Builder &builder, const Geometry &geometry);
void pointwiseBackwardWeights(Builder &builder, const Geometry &geometry);

// Over a tiny image: products with one matrix from all pixels to all output pixels. (oneDNN 2.6 takes ten
// times as long for the weight gradient of 3 x 3 over 2 x 2 pixels.)
bool canUnroll(const Geometry &geometry, const Tensor &weights);
void unrolledForward(Builder &builder, const Geometry &geometry);
void unrolledBackwardData(Builder &builder, const Geometry &geometry);
void unrolledBackwardWeights(Builder &builder, const Geometry &geometry);

}  // namespace atelier
