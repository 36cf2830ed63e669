// Moving whole pixels (all channels of one position) between images and the rows of a matrix.
#pragma once

#include <cstdint>
#include <cstring>

#include "parallel.h"

namespace atelier {

// Pixel (y, x) of the grid is pixel (y down, x across) of the image.
struct PixelGrid {
  int64_t images, height, width;
  int64_t rows, columns, down, across;
  int64_t bytes;  // a pixel

  int64_t imageBytes() const { return height * width * bytes; }
  int64_t gridBytes() const { return rows * columns * bytes; }
  // visit(offset in the image, offset in the grid) of every pixel on the grid.
  template <class Visit>
  void each(const Visit &visit) const {
    for (int64_t y = 0; y < rows; y++) {
      for (int64_t x = 0; x < columns; x++) {
        visit((y * down * width + x * across) * bytes, (y * columns + x) * bytes);
      }
    }
  }
};

inline void gatherPixels(const PixelGrid &grid, const char *images, char *matrix) {
#pragma omp parallel for schedule(static) if (grid.images * grid.gridBytes() >= 4 * parallelFrom)
  for (int64_t n = 0; n < grid.images; n++) {
    const char *image = images + n * grid.imageBytes();
    char *rows = matrix + n * grid.gridBytes();
    grid.each([&](int64_t from, int64_t to) { std::memcpy(rows + to, image + from, grid.bytes); });
  }
}

// The reverse; pixels off the grid become zero.
inline void scatterPixels(const PixelGrid &grid, const char *matrix, char *images) {
#pragma omp parallel for schedule(static) if (grid.images * grid.imageBytes() >= 4 * parallelFrom)
  for (int64_t n = 0; n < grid.images; n++) {
    char *image = images + n * grid.imageBytes();
    const char *rows = matrix + n * grid.gridBytes();
    std::memset(image, 0, grid.imageBytes());
    grid.each([&](int64_t to, int64_t from) { std::memcpy(image + to, rows + from, grid.bytes); });
  }
}

}  // namespace atelier
