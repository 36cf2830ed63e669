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

struct Targets {
  float smoothing, share;
  // The teacher's probabilities of this image; null without one.
  const float *taught;

  // (1 - share) ((1 - smoothing) onehot + smoothing / classes) + share taught.
  float at(int64_t c, int64_t label, int64_t classes) const {
    const float own = smoothing / static_cast<float>(classes) + (c == label ? 1 - smoothing : 0.f);
    return taught ? (1 - share) * own + share * taught[c] : own;
  }
};

// -sum t log p with the targets t, which sum to 1, and weight (p - t) / total.
template <class From, class To>
Row crossEntropy(const From *logits, To *diff, int64_t classes, int64_t label, const Targets &targets,
                 float weight, float total) {
  int64_t best = 0;
  for (int64_t c = 1; c < classes; c++) {
    if (toFloat(logits[c]) > toFloat(logits[best])) best = c;
  }
  const float top = toFloat(logits[best]);
  float sum = 0, aimed = 0;
  for (int64_t c = 0; c < classes; c++) {
    sum += std::exp(toFloat(logits[c]) - top);
    aimed += targets.at(c, label, classes) * (toFloat(logits[c]) - top);
  }
  for (int64_t c = 0; c < classes; c++) {
    const float probability = std::exp(toFloat(logits[c]) - top) / sum;
    diff[c] = fromFloat<To>((probability - targets.at(c, label, classes)) * weight / total);
  }
  return {std::log(sum) - aimed, best == label};
}

// The sum of the images' weights; 1 where no image counts, so that nothing is divided by nothing.
double sumOf(const float *weights, int64_t images) {
  if (!weights) return static_cast<double>(images);
  double sum = 0;
  for (int64_t n = 0; n < images; n++) sum += weights[n];
  return sum == 0 ? 1 : sum;
}

}  // namespace

void buildSoftmaxCrossEntropy(Builder &b) {
  const auto &logits = b.tensor("logits");
  const auto images = logits.shape().at(0), classes = logits.shape().back();
  b.tensor("logits", {images, classes}, {DType::f32, DType::bf16});
  const auto &labels = b.tensor("labels", {images}, {DType::u8});
  const auto &metrics = b.tensor("metrics", {2});
  const auto &diffLogits = b.tensor("diffLogits", logits.shape(), {DType::f32, DType::bf16});
  const auto *taught = b.optional("targets");
  if (taught) b.tensor("targets", {images, classes});
  const auto *weighted = b.optional("exampleWeights");
  if (weighted) b.tensor("exampleWeights", {images});
  const auto smoothing = static_cast<float>(b.fields().number("smoothing"));
  const auto share = static_cast<float>(b.fields().number("share"));
  b.note("own");
  withFloatType(logits.spec.dtype, [&](auto from) {
    withFloatType(diffLogits.spec.dtype, [&](auto to) {
      using From = decltype(from);
      using To = decltype(to);
      b.kernel([&logits, &labels, &metrics, &diffLogits, taught, weighted, images, classes, smoothing, share] {
        const float *weights = weighted ? weighted->as<float>() : nullptr;
        const double total = sumOf(weights, images);
        double loss = 0;
        int64_t hits = 0;
        for (int64_t n = 0; n < images; n++) {
          const int64_t label = labels.as<uint8_t>()[n];
          if (label >= classes) {
            throw std::runtime_error(labels.spec.name + ": expected labels below " + std::to_string(classes) +
                                     ", received " + std::to_string(label));
          }
          const float weight = weights ? weights[n] : 1;
          const Targets targets{smoothing, share, taught ? taught->as<float>() + n * classes : nullptr};
          const auto row = crossEntropy(logits.as<From>() + n * classes, diffLogits.as<To>() + n * classes,
                                        classes, label, targets, weight, static_cast<float>(total));
          loss += static_cast<double>(weight) * row.loss;
          hits += row.hit;
        }
        metrics.as<float>()[0] = static_cast<float>(loss * (static_cast<double>(images) / total));
        metrics.as<float>()[1] = static_cast<float>(hits);
      });
    });
  });
}

}  // namespace atelier
