// The builders of the steps, by kind.
#pragma once

#include <string>

namespace atelier {

class Builder;
using StepBuilder = void (*)(Builder &);

// Throws on an unknown kind.
StepBuilder stepBuilder(const std::string &kind);

void buildRescale(Builder &);
void buildConvolution(Builder &);
void buildConvolutionBackwardData(Builder &);
void buildConvolutionBackwardWeights(Builder &);
void buildDense(Builder &);
void buildDenseBackwardData(Builder &);
void buildDenseBackwardWeights(Builder &);
void buildBatchNormalization(Builder &);
void buildBatchNormalizationInference(Builder &);
void buildBatchNormalizationBackward(Builder &);
void buildBlend(Builder &);
void buildRelu(Builder &);
void buildReluBackward(Builder &);
void buildMaxPooling(Builder &);
void buildMaxPoolingBackward(Builder &);
void buildGlobalAveragePooling(Builder &);
void buildGlobalAveragePoolingBackward(Builder &);
void buildDropout(Builder &);
void buildReshape(Builder &);
void buildAdd(Builder &);
void buildSoftmaxCrossEntropy(Builder &);
void buildAdam(Builder &);
void buildSgd(Builder &);

}  // namespace atelier
