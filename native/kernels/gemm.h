// Matrix products of f32 in parts of their own for each thread. oneDNN splits a product among threads as it
// likes; where one of the result's dimensions is far longer than the other (the gradient of a dense layer's
// weights) halves of the longer one take up to half of the time.
#pragma once

#include <omp.h>
#include <oneapi/dnnl/dnnl.h>

#include <algorithm>
#include <cstdint>

namespace atelier {

// result [rows, columns] = left^T right, all row by row: left is [depth, rows], right [depth, columns].
inline void productTransposed(int64_t rows, int64_t columns, int64_t depth, const float *left,
                              const float *right, float *result) {
  const int64_t longer = std::max(rows, columns);
  const int64_t parts = omp_get_max_threads();
  constexpr int64_t grain = 16;
  const int64_t part = (longer / parts + grain - 1) / grain * grain;
#pragma omp parallel for schedule(static, 1)
  for (int64_t first = 0; first < longer; first += part) {
    const int64_t size = std::min(part, longer - first);
    if (rows >= columns) {
      dnnl_sgemm('T', 'N', size, columns, depth, 1.f, left + first, rows, right, columns, 0.f,
                 result + first * columns, columns);
    } else {
      dnnl_sgemm('T', 'N', rows, size, depth, 1.f, left, rows, right + first, columns, 0.f, result + first,
                 columns);
    }
  }
}

}  // namespace atelier
