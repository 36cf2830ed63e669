// Element types and loops of the engine's own kernels. A loop's work is split statically, so that a result
// depends on nothing but its inputs and the number of threads; short loops stay on one thread.
#pragma once

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <type_traits>

#include "../plan.h"

namespace atelier {

// Below this many elements (some 10 us of work) waking the other threads costs more than it saves.
constexpr int64_t parallelFrom = 65536;

// The upper half of an f32. An enumeration is a scalar, which loops over it need to be vectorized.
enum class bf16 : uint16_t {};

inline float toFloat(float value) { return value; }
inline float toFloat(bf16 value) {
  const uint32_t word = static_cast<uint32_t>(value) << 16;
  float result;
  std::memcpy(&result, &word, sizeof result);
  return result;
}

// Rounded to nearest even.
template <class T>
inline T fromFloat(float value) {
  if constexpr (std::is_same_v<T, float>) {
    return value;
  } else {
    uint32_t word;
    std::memcpy(&word, &value, sizeof word);
    return static_cast<bf16>((word + 0x7fffu + ((word >> 16) & 1u)) >> 16);
  }
}

// The integer of an element's bits: as an integer, too, it is above zero just when the value is.
template <class T>
using Bits = std::conditional_t<std::is_same_v<T, float>, int32_t, int16_t>;

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
