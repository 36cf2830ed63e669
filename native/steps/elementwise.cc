// Steps that treat every element alike. Each may write over the operand it reads at the same place.
#include <cstring>
#include <limits>

#include "../builder.h"
#include "../kernels/parallel.h"
#include "steps.h"

namespace atelier {

namespace {

constexpr size_t statisticsRate = 3;  // Hyper.statistics

// The operand, of src's shape and type.
Tensor &like(const Builder &b, const char *field, const Tensor &src) {
  return b.tensor(field, src.shape(), {src.spec.dtype});
}

template <class From, class To>
void rescale(const From *src, To *dst, int64_t size, float scale, float shift) {
  overRanges(size, [=](int64_t first, int64_t last) {
#pragma omp simd
    for (int64_t i = first; i < last; i++) dst[i] = fromFloat<To>(scale * static_cast<float>(src[i]) + shift);
  });
}

}  // namespace

void buildRescale(Builder &b) {
  const auto &src = b.tensor("src");
  b.tensor("src", src.shape(), {DType::u8, DType::f32});
  const auto &dst = b.tensor("dst", src.shape(), {DType::f32, DType::bf16});
  const auto scale = static_cast<float>(b.fields().number("scale"));
  const auto shift = static_cast<float>(b.fields().number("shift"));
  b.note("own");
  withFloatType(dst.spec.dtype, [&](auto type) {
    using To = decltype(type);
    b.kernel([&src, &dst, scale, shift] {
      if (src.spec.dtype == DType::u8)
        rescale(src.as<uint8_t>(), dst.as<To>(), src.size(), scale, shift);
      else
        rescale(src.as<float>(), dst.as<To>(), src.size(), scale, shift);
    });
  });
}

void buildRelu(Builder &b) {
  const auto &src = b.tensor("src"), &dst = like(b, "dst", src);
  b.note("own");
  withFloatType(src.spec.dtype, [&](auto type) {
    using T = Bits<decltype(type)>;
    b.kernel([&src, &dst] {
      const auto *from = src.as<T>();
      auto *to = dst.as<T>();
      overRanges(src.size(), [=](int64_t first, int64_t last) {
#pragma omp simd
        for (int64_t i = first; i < last; i++) to[i] = from[i] > 0 ? from[i] : T{0};
      });
    });
  });
}

void buildReluBackward(Builder &b) {
  const auto &dst = b.tensor("dst"), &diffDst = like(b, "diffDst", dst), &diffSrc = like(b, "diffSrc", dst);
  b.note("own");
  withFloatType(dst.spec.dtype, [&](auto type) {
    using T = Bits<decltype(type)>;
    b.kernel([&dst, &diffDst, &diffSrc] {
      const auto *result = dst.as<T>(), *from = diffDst.as<T>();
      auto *to = diffSrc.as<T>();
      overRanges(dst.size(), [=](int64_t first, int64_t last) {
#pragma omp simd
        for (int64_t i = first; i < last; i++) to[i] = from[i] & static_cast<T>(-(result[i] > 0));
      });
    });
  });
}

// A plain layout is the logical order, so another shape is another name for the same bytes.
void buildReshape(Builder &b) {
  const auto &src = b.tensor("src");
  const auto &dst = b.tensor("dst", b.tensor("dst").shape(), {src.spec.dtype});
  if (src.size() != dst.size()) {
    throw std::invalid_argument("dst: expected " + std::to_string(src.size()) + " elements, received " +
                                std::to_string(dst.size()));
  }
  b.note("own");
  b.kernel([&src, &dst] {
    if (src.data == dst.data) return;
    const auto width = bytesOf(src.spec.dtype);
    overRanges(src.size(), [&, width](int64_t first, int64_t last) {
      std::memcpy(dst.as<char>() + first * width, src.as<char>() + first * width, (last - first) * width);
    });
  });
}

void buildAdd(Builder &b) {
  const auto &a = b.tensor("a"), &other = like(b, "b", a), &dst = like(b, "dst", a);
  const float least = b.fields().flag("relu") ? 0.f : -std::numeric_limits<float>::infinity();
  b.note("own");
  withFloatType(a.spec.dtype, [&](auto type) {
    using T = decltype(type);
    b.kernel([&a, &other, &dst, least] {
      const auto *left = a.as<T>(), *right = other.as<T>();
      auto *to = dst.as<T>();
      overRanges(a.size(), [=](int64_t first, int64_t last) {
#pragma omp simd
        for (int64_t i = first; i < last; i++) {
          const float sum = toFloat(left[i]) + toFloat(right[i]);
          to[i] = fromFloat<T>(sum < least ? least : sum);
        }
      });
    });
  });
}

void buildBlend(Builder &b) {
  const auto &src = b.tensor("src"), &dst = like(b, "dst", src);
  const auto *hyper = b.optional("hyper");
  const auto fixed = static_cast<float>(b.fields().number("rate"));
  b.note("own");
  b.kernel([&src, &dst, hyper, fixed] {
    const float rate = hyper ? hyper->as<float>()[statisticsRate] : fixed;
    const auto *from = src.as<float>();
    auto *to = dst.as<float>();
    overRanges(src.size(), [=](int64_t first, int64_t last) {
#pragma omp simd
      for (int64_t i = first; i < last; i++) to[i] += rate * (from[i] - to[i]);
    });
    if (dst.persistent) dst.persistent->version++;
  });
}

}  // namespace atelier
