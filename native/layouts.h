// Which images of a program lie in blocks of channels (oneDNN's nChw8c, nChw16c) instead of channels last: in
// f32, oneDNN's convolutions take 1.1 to 1.5 times as long over the latter, their weight gradients most.
#pragma once

#include "builder.h"

namespace atelier {

// A convolution takes images of so few channels as planes before a blocked result.
constexpr int64_t fewChannels = 3;

// Sets the layout of images; `takesBlocks(step, layout)` tells whether oneDNN has fast kernels for a convolution
// step whose images lie so.
void blockImages(const PlanSpec &plan, std::vector<Tensor> &tensors,
                 const std::function<bool(const StepSpec &, Layout)> &takesBlocks);

}  // namespace atelier
