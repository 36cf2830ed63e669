// Element types and loops of the engine's own kernels. A loop's work is split statically, so that a result depends
// on nothing but its inputs and the number of threads; short loops stay on one thread.
#pragma once

#include <cstdint>
#include <cstring>
#include <stdexcept>

#include "../plan.h"

namespace atelier {

// Below this many elements (some 10 us of work) waking the other threads costs more than it saves.
constexpr int64_t parallelFrom = 16384;

// The upper half of an f32, rounded to nearest even.
struct bf16 {
  uint16_t bits;

  bf16() = default;
  bf16(float value) {
    uint32_t word;
    std::memcpy(&word, &value, sizeof word);
    bits = static_cast<uint16_t>((word + 0x7fffu + ((word >> 16) & 1u)) >> 16);
  }
  operator float() const {
    const uint32_t word = static_cast<uint32_t>(bits) << 16;
    float value;
    std::memcpy(&value, &word, sizeof value);
    return value;
  }
};

// body(first, last) over disjoint ranges that cover 0 ... size - 1.
template <class Body>
void overRanges(int64_t size, const Body &body) {
  constexpr int64_t grain = 4096;
  const int64_t pieces = (size + grain - 1) / grain;
#pragma omp parallel for schedule(static) if (size >= parallelFrom)
  for (int64_t piece = 0; piece < pieces; piece++) {
    const int64_t first = piece * grain;
    body(first, first + grain < size ? first + grain : size);
  }
}

// body(T{}) with the element type T of that name.
template <class Body>
void withFloatType(DType dtype, const Body &body) {
  if (dtype == DType::f32) return body(float{});
  if (dtype == DType::bf16) return body(bf16{});
  throw std::invalid_argument(std::string("expected f32 or bf16, received ") + nameOf(dtype));
}

}  // namespace atelier
