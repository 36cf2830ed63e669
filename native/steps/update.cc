// The update rules: one pass over all parameters, in blocks that stay in the cache while the rule, the moving
// average and the bf16 copy of the weights are each written in a loop of their own.
#include <algorithm>
#include <cmath>
#include <memory>

#include "../builder.h"
#include "../kernels/parallel.h"
#include "steps.h"

namespace atelier {

namespace {

// Places in the hyper tensor.
enum Hyper { rate = 0, decay = 1, average = 2, size = 4 };

// One parameter with all that is updated with it; states are Adam's two moments or SGD's velocity.
struct Parameter {
  const Tensor *weights, *gradient, *average;
  const Tensor *states[2];
  bool decays;
};

// A piece of a parameter, small enough for the first-level cache.
struct Block {
  int64_t size;
  float *weights;
  const float *gradient;
  float *average;
  float *states[2];
  bf16 *copy;
  float decay;
};

constexpr int64_t blockSize = 1024;

void follow(const Block &block, float rate) {
  float *__restrict average = block.average;
  const float *__restrict weights = block.weights;
#pragma omp simd
  for (int64_t i = 0; i < block.size; i++) average[i] += rate * (weights[i] - average[i]);
}

void halve(const Block &block) {
  bf16 *__restrict copy = block.copy;
  const float *__restrict weights = block.weights;
#pragma omp simd
  for (int64_t i = 0; i < block.size; i++) copy[i] = fromFloat<bf16>(weights[i]);
}

const Tensor &alike(const Builder &b, const Fields &fields, const char *field, const Tensor &weights) {
  const auto &tensor = b.tensor(fields, field);
  if (tensor.shape() != weights.shape() || tensor.layout != weights.layout ||
      tensor.spec.dtype != DType::f32) {
    throw std::invalid_argument(tensor.spec.name + ": expected f32, " + formatShape(weights.shape()) +
                                " and the layout of " + weights.spec.name + ", received " +
                                nameOf(tensor.spec.dtype) + ", " + formatShape(tensor.shape()));
  }
  return tensor;
}

std::vector<Parameter> parametersOf(const Builder &b, std::initializer_list<const char *> states) {
  std::vector<Parameter> parameters;
  for (const auto &fields : b.parameters()) {
    const auto &weights = b.tensor(fields, "weights");
    Parameter p{
        &weights, &alike(b, fields, "gradient", weights), nullptr, {nullptr, nullptr}, fields.flag("decays")};
    if (b.optional(fields, "average")) p.average = &alike(b, fields, "average", weights);
    int place = 0;
    for (const char *state : states) p.states[place++] = &alike(b, fields, state, weights);
    parameters.push_back(p);
  }
  return parameters;
}

Block blockOf(const Parameter &p, int64_t first, float decay) {
  const auto at = [&](const Tensor *tensor) { return tensor ? tensor->as<float>() + first : nullptr; };
  auto *copy = p.weights->persistent ? p.weights->persistent->elementwiseCopy() : nullptr;
  return {std::min(blockSize, p.weights->size() - first),
          at(p.weights),
          at(p.gradient),
          at(p.average),
          {at(p.states[0]), at(p.states[1])},
          copy ? static_cast<bf16 *>(copy->buffer.data()) + first : nullptr,
          p.decays ? decay : 0.f};
}

// The weights have changed; the copies that were written along with them are up to date.
void markWritten(const std::vector<Parameter> &parameters) {
  for (const auto &p : parameters) {
    for (const auto *tensor : {p.weights, p.average, p.states[0], p.states[1]}) {
      if (tensor && tensor->persistent) tensor->persistent->version++;
    }
    if (!p.weights->persistent) continue;
    if (auto *copy = p.weights->persistent->elementwiseCopy()) copy->version = p.weights->persistent->version;
  }
}

// rule(block, hyper) is a functor that updates the block's weights and states.
template <class Rule>
void buildUpdate(Builder &b, std::vector<Parameter> parameters, const Rule &rule) {
  const auto &hyper = b.tensor("hyper", {Hyper::size});
  // Where each block begins: which parameter, which element.
  std::vector<std::pair<const Parameter *, int64_t>> blocks;
  auto kept = std::make_shared<const std::vector<Parameter>>(std::move(parameters));
  for (const auto &p : *kept) {
    for (int64_t first = 0; first < p.weights->size(); first += blockSize) blocks.emplace_back(&p, first);
  }
  b.note("own");
  b.kernel([kept, blocks = std::move(blocks), rule, &hyper] {
    const float *h = hyper.as<float>();
    const auto count = static_cast<int64_t>(blocks.size());
#pragma omp parallel for schedule(static) if (4 * count * blockSize >= parallelFrom)
    for (int64_t i = 0; i < count; i++) {
      const auto block = blockOf(*blocks[i].first, blocks[i].second, h[Hyper::decay]);
      rule(block, h);
      if (block.average) follow(block, h[Hyper::average]);
      if (block.copy) halve(block);
    }
    markWritten(*kept);
  });
}

// As Keras 2 writes it, weight decay decoupled and before the step.
struct Adam {
  // 1 - beta of either moment.
  float newMean, newVariance;
  float epsilon;

  void operator()(const Block &block, const float *hyper) const {
    float *__restrict w = block.weights, *__restrict m = block.states[0], *__restrict v = block.states[1];
    const float *__restrict g = block.gradient;
    const float rate = hyper[Hyper::rate], decay = block.decay;
    const float mix1 = newMean, mix2 = newVariance, eps = epsilon;
#pragma omp simd
    for (int64_t i = 0; i < block.size; i++) {
      const float mean = m[i] + mix1 * (g[i] - m[i]);
      const float variance = v[i] + mix2 * (g[i] * g[i] - v[i]);
      m[i] = mean;
      v[i] = variance;
      w[i] = w[i] - decay * w[i] - rate * mean / (std::sqrt(variance) + eps);
    }
  }
};

// As PyTorch writes it, weight decay part of the gradient.
struct Sgd {
  float momentum;
  bool nesterov;

  void operator()(const Block &block, const float *hyper) const {
    float *__restrict w = block.weights, *__restrict u = block.states[0];
    const float *__restrict gradient = block.gradient;
    const float rate = hyper[Hyper::rate], decay = block.decay, keep = momentum;
    // w -= rate (g + momentum u) with Nesterov's lookahead, else w -= rate u.
    const float fromGradient = nesterov ? 1.f : 0.f, fromVelocity = nesterov ? keep : 1.f;
#pragma omp simd
    for (int64_t i = 0; i < block.size; i++) {
      const float g = gradient[i] + decay * w[i];
      const float velocity = keep * u[i] + g;
      u[i] = velocity;
      w[i] -= rate * (fromGradient * g + fromVelocity * velocity);
    }
  }
};

}  // namespace

void buildAdam(Builder &b) {
  const auto &f = b.fields();
  const Adam rule{static_cast<float>(1 - f.number("beta1")), static_cast<float>(1 - f.number("beta2")),
                  static_cast<float>(f.number("epsilon"))};
  buildUpdate(b, parametersOf(b, {"mean", "variance"}), rule);
}

void buildSgd(Builder &b) {
  const Sgd rule{static_cast<float>(b.fields().number("momentum")), b.fields().flag("nesterov")};
  buildUpdate(b, parametersOf(b, {"velocity"}), rule);
}

}  // namespace atelier
