// The product behind a gradient of weights, left^T right, in f32: each thread has a part of the result's longer
// side and calls oneDNN's product for it alone. oneDNN's own split over threads takes up to a third longer.
#pragma once

#include <omp.h>
#include <oneapi/dnnl/dnnl.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace atelier {

// A matrix row by row, `stride` values from one row to the next.
struct Rows {
  const float *values;
  int64_t columns, stride;
};

// Rows that lie a multiple of half a page apart share few sets of the first-level cache: a product over many of
// them takes up to twice as long as over a copy whose rows are a little further apart.
inline bool rowsCollide(int64_t rows, int64_t columns) { return rows > 128 && columns % 512 == 0; }
constexpr int64_t apart = 16;

inline Rows spread(const Rows &from, int64_t rows, float *to) {
  const int64_t stride = from.columns + apart;
#pragma omp parallel for schedule(static)
  for (int64_t row = 0; row < rows; row++)
    std::memcpy(to + row * stride, from.values + row * from.stride, from.columns * sizeof(float));
  return {to, from.columns, stride};
}

// result [left.columns, right.columns] = left^T right, over `depth` rows of either. Throws dnnl::error where oneDNN
// cannot, for want of memory.
inline void productTransposed(const Rows &left, const Rows &right, int64_t depth, float *result) {
  const bool byLeft = left.columns >= right.columns;
  const int64_t longer = std::max(left.columns, right.columns);
  // So long that what a part packs stays in the cache.
  constexpr int64_t longest = 2048, grain = 16;
  const int64_t threads = omp_get_max_threads();
  const int64_t parts = threads * ((longer + threads * longest - 1) / (threads * longest));
  const int64_t part = ((longer + parts - 1) / parts + grain - 1) / grain * grain;
  // No exception may leave the parallel region.
  int status = dnnl_success;
#pragma omp parallel for schedule(static) reduction(max : status)
  for (int64_t first = 0; first < longer; first += part) {
    const int64_t size = std::min(part, longer - first);
    const float *a = left.values + (byLeft ? first : 0), *b = right.values + (byLeft ? 0 : first);
    const int done = dnnl_sgemm('T', 'N', byLeft ? size : left.columns, byLeft ? right.columns : size, depth,
                                1.f, a, left.stride, b, right.stride, 0.f,
                                result + first * (byLeft ? right.columns : 1), right.columns);
    status = std::max(status, done);
  }
  dnnl::error::wrap_c_api(static_cast<dnnl_status_t>(status), "could not multiply for a gradient of weights");
}

// The sum of all rows.
inline void sumRows(const Rows &from, int64_t rows, float *sum) {
  constexpr int64_t grain = 64;
#pragma omp parallel for schedule(static) if (rows * from.columns >= 65536)
  for (int64_t first = 0; first < from.columns; first += grain) {
    const int64_t size = std::min(grain, from.columns - first);
    std::fill_n(sum + first, size, 0.f);
    for (int64_t row = 0; row < rows; row++) {
      const float *values = from.values + row * from.stride + first;
#pragma omp simd
      for (int64_t i = 0; i < size; i++) sum[first + i] += values[i];
    }
  }
}

}  // namespace atelier
