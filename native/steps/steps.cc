#include "steps.h"

#include <stdexcept>
#include <unordered_map>

namespace atelier {

StepBuilder stepBuilder(const std::string &kind) {
  static const std::unordered_map<std::string, StepBuilder> builders = {
      {"rescale", buildRescale},
      {"convolution", buildConvolution},
      {"convolutionBackwardData", buildConvolutionBackwardData},
      {"convolutionBackwardWeights", buildConvolutionBackwardWeights},
      {"dense", buildDense},
      {"denseBackwardData", buildDenseBackwardData},
      {"denseBackwardWeights", buildDenseBackwardWeights},
      {"batchNormalization", buildBatchNormalization},
      {"batchNormalizationInference", buildBatchNormalizationInference},
      {"batchNormalizationBackward", buildBatchNormalizationBackward},
      {"blend", buildBlend},
      {"relu", buildRelu},
      {"reluBackward", buildReluBackward},
      {"maxPooling", buildMaxPooling},
      {"maxPoolingBackward", buildMaxPoolingBackward},
      {"globalAveragePooling", buildGlobalAveragePooling},
      {"globalAveragePoolingBackward", buildGlobalAveragePoolingBackward},
      {"dropout", buildDropout},
      {"reshape", buildReshape},
      {"add", buildAdd},
      {"softmaxCrossEntropy", buildSoftmaxCrossEntropy},
      {"adam", buildAdam},
      {"sgd", buildSgd},
  };
  const auto found = builders.find(kind);
  if (found == builders.end())
    throw std::invalid_argument("kind: expected a known one, received '" + kind + "'");
  return found->second;
}

}  // namespace atelier
