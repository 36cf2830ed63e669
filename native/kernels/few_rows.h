// The product of a few rows with a large fixed matrix in f32. It takes as long as reading the matrix does, so the
// matrix lies in panels of columns (oneDNN's BA16a64b) that each thread reads once, from end to end; oneDNN's own
// product takes 1.3 to 1.8 times as long.
#pragma once

#include <algorithm>
#include <cstdint>

namespace atelier {

constexpr int64_t fewRows = 4;
// Values of a matrix that is no more kept in the second-level cache. oneDNN is quicker over smaller ones.
constexpr int64_t largeMatrix = 1 << 18;
constexpr int64_t panelColumns = 64;
// Rows of a panel that are summed before they join the total: they stay in the first-level cache for all rows of
// the product, and a sum of sums rounds less.
constexpr int64_t panelRows = 64;

struct FewRowsProduct {
  int64_t rows, depth, columns;
  bool relu;

  // The panels' depth is padded to a multiple of 16, their columns to one of 64.
  int64_t panelSize() const { return (depth + 15) / 16 * 16 * panelColumns; }
  int64_t panels() const { return (columns + panelColumns - 1) / panelColumns; }

  // dst = [relu](src panels + bias), for one panel.
  void panel(int64_t index, const float *src, const float *panel, const float *bias, float *dst) const {
    float sums[fewRows][panelColumns] = {};
    for (int64_t first = 0; first < depth; first += panelRows) {
      const int64_t last = std::min(depth, first + panelRows);
      for (int64_t row = 0; row < rows; row++) {
        float part[panelColumns] = {};
        for (int64_t i = first; i < last; i++) {
          const float value = src[row * depth + i];
          const float *weights = panel + i * panelColumns;
#pragma omp simd
          for (int64_t j = 0; j < panelColumns; j++) part[j] += value * weights[j];
        }
#pragma omp simd
        for (int64_t j = 0; j < panelColumns; j++) sums[row][j] += part[j];
      }
    }
    const int64_t from = index * panelColumns, count = std::min(panelColumns, columns - from);
    for (int64_t row = 0; row < rows; row++) {
      for (int64_t j = 0; j < count; j++) {
        const float value = sums[row][j] + bias[from + j];
        dst[row * columns + from + j] = relu && value < 0.f ? 0.f : value;
      }
    }
  }

  void operator()(const float *src, const float *packed, const float *bias, float *dst) const {
#pragma omp parallel for schedule(static)
    for (int64_t i = 0; i < panels(); i++) panel(i, src, packed + i * panelSize(), bias, dst);
  }
};

}  // namespace atelier
