// Inverted dropout: the mask is a function of the key and of the element's logical place, which in a plain
// layout is its place in memory.
#include <algorithm>
#include <cmath>

#include "../builder.h"
#include "../kernels/parallel.h"
#include "steps.h"

namespace atelier {

namespace {

// `mix` of src/core/random.ts.
inline uint32_t mix(uint32_t key0, uint32_t key1, uint32_t counter) {
  uint32_t x = counter ^ key0;
  x = (x ^ (x >> 16)) * 0x21f0aaadu + key1;
  x = (x ^ (x >> 15)) * 0x735a2d97u;
  return x ^ (x >> 15);
}

template <class T>
inline T kept(uint32_t bits, uint32_t threshold, float scale, T value) {
  return fromFloat<T>(bits >= threshold ? toFloat(value) * scale : 0.f);
}

struct Rule {
  uint32_t salt, threshold;
  float scale;
};

// An element's logical place gives its bits: two elements from each 32.
template <class T>
void dropPlain(const T *from, T *to, int64_t size, uint32_t key0, uint32_t key1, const Rule &rule) {
  const auto [_, threshold, scale] = rule;
  overRanges(size, [=](int64_t first, int64_t last) {
#pragma omp simd
    for (int64_t pair = first / 2; pair < last / 2; pair++) {
      const auto bits = mix(key0, key1, static_cast<uint32_t>(pair));
      to[2 * pair] = kept(bits & 0xffffu, threshold, scale, from[2 * pair]);
      to[2 * pair + 1] = kept(bits >> 16, threshold, scale, from[2 * pair + 1]);
    }
    if (last % 2) {
      const auto bits = mix(key0, key1, static_cast<uint32_t>(last / 2));
      to[last - 1] = kept(bits & 0xffffu, threshold, scale, from[last - 1]);
    }
  });
}

// Images as rows of pixels by blocks of channels.
struct Places {
  int64_t images, pixels, channels, block;
  bool blocked;

  Places(const Tensor &tensor, int64_t block)
      : images(tensor.shape()[0]),
        pixels(tensor.shape()[1] * tensor.shape()[2]),
        channels(tensor.shape()[3]),
        block(block),
        blocked(isBlocked(tensor.layout)) {}
  // Where a pixel's block of channels lies.
  int64_t place(int64_t image, int64_t firstChannel, int64_t pixel) const {
    return blocked ? (image * channels + firstChannel) * pixels + pixel * block
                   : (image * pixels + pixel) * channels + firstChannel;
  }
};

// The same over images of which one or both lie in blocks of `block` channels.
template <int block>
void dropBlocks(const Places &src, const Places &dst, const float *from, float *to, uint32_t key0,
                uint32_t key1, const Rule &rule) {
  const auto [_, threshold, scale] = rule;
  const int64_t blocks = src.channels / block;
#pragma omp parallel for schedule(static) collapse(2)
  for (int64_t image = 0; image < src.images; image++) {
    for (int64_t at = 0; at < blocks; at++) {
      for (int64_t pixel = 0; pixel < src.pixels; pixel++) {
        const float *__restrict left = from + src.place(image, at * block, pixel);
        float *__restrict right = to + dst.place(image, at * block, pixel);
        const auto pair = ((image * src.pixels + pixel) * src.channels + at * block) / 2;
#pragma omp simd
        for (int i = 0; i < block; i++) {
          const auto bits = mix(key0, key1, static_cast<uint32_t>(pair + i / 2)) >> (i % 2 * 16);
          right[i] = kept(bits & 0xffffu, threshold, scale, left[i]);
        }
      }
    }
  }
}

void buildOverBlocks(Builder &b, const Tensor &src, const Tensor &dst, const Tensor &key, const Rule &rule) {
  const auto layout = isBlocked(src.layout) ? src.layout : dst.layout;
  const int64_t block = layout == Layout::blocked16 ? 16 : 8;
  const Places read(src, block), written(dst, block);
  // What lies otherwise cannot be written over what it is read from.
  const bool moves = src.layout != dst.layout && src.spec.slot == dst.spec.slot;
  const auto copy = b.scratch(moves ? src.desc : memory::desc());
  b.kernel([=, &src, &dst, &key] {
    const auto key0 = key.as<uint32_t>()[0] ^ rule.salt, key1 = key.as<uint32_t>()[1] + rule.salt;
    const auto *from = src.as<float>();
    if (moves) {
      auto *kept = dataOf<float>(copy);
      overRanges(src.size(), [=](int64_t first, int64_t last) { std::copy(from + first, from + last, kept + first); });
      from = kept;
    }
    const auto drop = block == 16 ? dropBlocks<16> : dropBlocks<8>;
    drop(read, written, from, dst.as<float>(), key0, key1, rule);
  });
}

}  // namespace

void buildDropout(Builder &b) {
  const auto &src = b.tensor("src"), &dst = b.tensor("dst", src.shape(), {src.spec.dtype});
  const auto &key = b.tensor("key", {2}, {DType::u32});
  const auto salt = static_cast<uint32_t>(static_cast<int64_t>(b.fields().number("salt")));
  const auto threshold = static_cast<uint32_t>(std::lround(65536 * b.fields().number("rate")));
  const Rule rule{salt, threshold, static_cast<float>(65536.0 / (65536.0 - threshold))};
  b.note("own");
  if (isBlocked(src.layout) || isBlocked(dst.layout)) return buildOverBlocks(b, src, dst, key, rule);
  withFloatType(src.spec.dtype, [&](auto type) {
    using T = decltype(type);
    b.kernel([&src, &dst, &key, rule] {
      const auto key0 = key.as<uint32_t>()[0] ^ rule.salt, key1 = key.as<uint32_t>()[1] + rule.salt;
      dropPlain(src.as<T>(), dst.as<T>(), src.size(), key0, key1, rule);
    });
  });
}

}  // namespace atelier
