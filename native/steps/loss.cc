// Softmax and cross-entropy in one: the losses' sum, the hits, and the gradient by the logits.
#include <cmath>

#include "../builder.h"
#include "../kernels/parallel.h"
#include "steps.h"

namespace atelier {

namespace {

struct Row {
  float loss;
  bool hit;
};

// -sum t log p with t = (1 - smoothing) onehot + smoothing / classes, and (p - t) / images.
template <class From, class To>
Row crossEntropy(const From *logits, To *diff, int64_t classes, int64_t label, float smoothing,
                 float images) {
  int64_t best = 0;
  for (int64_t c = 1; c < classes; c++) {
    if (toFloat(logits[c]) > toFloat(logits[best])) best = c;
  }
  const float top = toFloat(logits[best]);
  float sum = 0, shifted = 0;
  for (int64_t c = 0; c < classes; c++) {
    sum += std::exp(toFloat(logits[c]) - top);
    shifted += toFloat(logits[c]) - top;
  }
  const float logSum = std::log(sum);
  const float spread = smoothing / static_cast<float>(classes);
  for (int64_t c = 0; c < classes; c++) {
    const float target = spread + (c == label ? 1 - smoothing : 0.f);
    diff[c] = fromFloat<To>((std::exp(toFloat(logits[c]) - top) / sum - target) / images);
  }
  const float atLabel = toFloat(logits[label]) - top;
  return {logSum - (1 - smoothing) * atLabel - spread * shifted, best == label};
}

}  // namespace

void buildSoftmaxCrossEntropy(Builder &b) {
  const auto &logits = b.tensor("logits");
  const auto images = logits.shape().at(0), classes = logits.shape().back();
  b.tensor("logits", {images, classes}, {DType::f32, DType::bf16});
  const auto &labels = b.tensor("labels", {images}, {DType::u8});
  const auto &metrics = b.tensor("metrics", {2});
  const auto &diffLogits = b.tensor("diffLogits", logits.shape(), {DType::f32, DType::bf16});
  const auto smoothing = static_cast<float>(b.fields().number("smoothing"));
  b.note("own");
  withFloatType(logits.spec.dtype, [&](auto from) {
    withFloatType(diffLogits.spec.dtype, [&](auto to) {
      using From = decltype(from);
      using To = decltype(to);
      b.kernel([&logits, &labels, &metrics, &diffLogits, images, classes, smoothing] {
        double loss = 0;
        int64_t hits = 0;
        for (int64_t n = 0; n < images; n++) {
          const int64_t label = labels.as<uint8_t>()[n];
          if (label >= classes) {
            throw std::runtime_error(labels.spec.name + ": expected labels below " + std::to_string(classes) +
                                     ", received " + std::to_string(label));
          }
          const auto row = crossEntropy(logits.as<From>() + n * classes, diffLogits.as<To>() + n * classes,
                                        classes, label, smoothing, static_cast<float>(images));
          loss += row.loss;
          hits += row.hit;
        }
        metrics.as<float>()[0] = static_cast<float>(loss);
        metrics.as<float>()[1] = static_cast<float>(hits);
      });
    });
  });
}

}  // namespace atelier
