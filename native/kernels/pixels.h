// Moving whole pixels (all channels of one position) between an image and the rows of a matrix.
#pragma once

#include <cstdint>
#include <cstring>

#include "parallel.h"

namespace atelier {

// Rows of a grid of pixels within larger images: pixel (y, x) of the grid is at (top + y down, left + x across).
struct PixelGrid {
  int64_t images, height, width;          // of the images
  int64_t rows, columns;                  // of the grid
  int64_t top, left, down, across;
  size_t bytes;                           // a pixel

  size_t place(int64_t image, int64_t y, int64_t x) const {
    return ((image * height + top + y * down) * width + left + x * across) * bytes;
  }
};

inline void gatherPixels(const PixelGrid &grid, const char *image, char *matrix) {
#pragma omp parallel for schedule(static) if (grid.images * grid.rows * grid.columns * int64_t(grid.bytes) > 65536)
  for (int64_t n = 0; n < grid.images; n++) {
    char *row = matrix + n * grid.rows * grid.columns * grid.bytes;
    for (int64_t y = 0; y < grid.rows; y++) {
      for (int64_t x = 0; x < grid.columns; x++, row += grid.bytes) {
        std::memcpy(row, image + grid.place(n, y, x), grid.bytes);
      }
    }
  }
}

// The reverse; pixels off the grid become zero.
inline void scatterPixels(const PixelGrid &grid, const char *matrix, char *image) {
  const size_t whole = grid.height * grid.width * grid.bytes;
#pragma omp parallel for schedule(static) if (grid.images * int64_t(whole) > 65536)
  for (int64_t n = 0; n < grid.images; n++) {
    std::memset(image + n * whole, 0, whole);
    const char *row = matrix + n * grid.rows * grid.columns * grid.bytes;
    for (int64_t y = 0; y < grid.rows; y++) {
      for (int64_t x = 0; x < grid.columns; x++, row += grid.bytes) {
        std::memcpy(image + grid.place(n, y, x), row, grid.bytes);
      }
    }
  }
}

}  // namespace atelier
