// A convolution over a tiny image as one matrix from all its pixels to all output pixels: the block of an
// input and an output pixel is the tap by which one sees the other, or zero.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "parallel.h"

namespace atelier {

struct Unrolled {
  int64_t in, out;  // channels
  int64_t inPixels, outPixels;
  int64_t taps;
  std::vector<int64_t> tapOf;  // [inPixels, outPixels], -1 where none joins them

  int64_t rows() const { return inPixels * in; }
  int64_t columns() const { return outPixels * out; }
  int64_t tap(int64_t inPixel, int64_t outPixel) const { return tapOf[inPixel * outPixels + outPixel]; }
};

// `kernel` is [taps, in, out], each tap at its offset.
template <class T>
void unrollKernel(const Unrolled &u, const float *kernel, const std::vector<int64_t> &offsets, T *matrix) {
#pragma omp parallel for schedule(static)
  for (int64_t row = 0; row < u.rows(); row++) {
    const int64_t p = row / u.in, channel = row % u.in;
    for (int64_t q = 0; q < u.outPixels; q++) {
      T *__restrict to = matrix + row * u.columns() + q * u.out;
      const int64_t tap = u.tap(p, q);
      if (tap < 0) {
        std::fill_n(to, u.out, T{});
        continue;
      }
      const float *__restrict from = kernel + offsets[tap] + channel * u.out;
#pragma omp simd
      for (int64_t o = 0; o < u.out; o++) to[o] = fromFloat<T>(from[o]);
    }
  }
}

// The gradient of the kernel [taps, in, out] from that of the matrix.
inline void foldKernel(const Unrolled &u, const float *matrix, float *kernel) {
#pragma omp parallel for schedule(static)
  for (int64_t channel = 0; channel < u.in; channel++) {
    for (int64_t tap = 0; tap < u.taps; tap++)
      std::fill_n(kernel + (tap * u.in + channel) * u.out, u.out, 0.f);
    for (int64_t p = 0; p < u.inPixels; p++) {
      for (int64_t q = 0; q < u.outPixels; q++) {
        const int64_t tap = u.tap(p, q);
        if (tap < 0) continue;
        const float *__restrict part = matrix + (p * u.in + channel) * u.columns() + q * u.out;
        float *__restrict sum = kernel + (tap * u.in + channel) * u.out;
#pragma omp simd
        for (int64_t o = 0; o < u.out; o++) sum[o] += part[o];
      }
    }
  }
}

// The bias acts at every output pixel.
inline void unrollBias(const Unrolled &u, const float *bias, float *row) {
  for (int64_t q = 0; q < u.outPixels; q++) std::copy_n(bias, u.out, row + q * u.out);
}

inline void foldBias(const Unrolled &u, const float *row, float *bias) {
  std::copy_n(row, u.out, bias);
  for (int64_t q = 1; q < u.outPixels; q++) {
    for (int64_t o = 0; o < u.out; o++) bias[o] += row[q * u.out + o];
  }
}

}  // namespace atelier
