// Inverted dropout: the mask is a function of the key and of the element's logical place, which in a plain
// layout is its place in memory.
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

}  // namespace

void buildDropout(Builder &b) {
  const auto &src = b.tensor("src"), &dst = b.tensor("dst", src.shape(), {src.spec.dtype});
  const auto &key = b.tensor("key", {2}, {DType::u32});
  const auto salt = static_cast<uint32_t>(static_cast<int64_t>(b.fields().number("salt")));
  const auto threshold = static_cast<uint32_t>(std::lround(65536 * b.fields().number("rate")));
  const float scale = static_cast<float>(65536.0 / (65536.0 - threshold));
  b.note("own");
  withFloatType(src.spec.dtype, [&](auto type) {
    using T = decltype(type);
    b.kernel([&src, &dst, &key, salt, threshold, scale] {
      const auto key0 = key.as<uint32_t>()[0] ^ salt, key1 = key.as<uint32_t>()[1] + salt;
      const auto *from = src.as<T>();
      auto *to = dst.as<T>();
      const auto size = src.size();
      // Two elements from each 32 bits.
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
    });
  });
}

}  // namespace atelier
