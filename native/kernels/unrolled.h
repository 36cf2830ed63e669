// A convolution over a tiny image as one matrix from all its pixels to all output pixels: block (p, q) of that
// matrix is the tap by which output pixel q sees input pixel p, or zero.
#pragma once

#include <cstdint>
#include <vector>

namespace atelier {

struct Unrolled {
  int64_t in, out;                     // channels
  int64_t inPixels, outPixels;
  // For each tap, the pairs of an input and an output pixel that it joins.
  std::vector<std::vector<std::pair<int64_t, int64_t>>> taps;
};

// The gradient of the taps from that of the unrolled matrix; both with the output channels innermost.
inline void foldKernel(const Unrolled &u, const float *matrix, float *kernel) {
  const auto taps = static_cast<int64_t>(u.taps.size());
  const int64_t row = u.outPixels * u.out;
#pragma omp parallel for schedule(static)
  for (int64_t channel = 0; channel < u.in; channel++) {
    for (int64_t tap = 0; tap < taps; tap++) {
      float *__restrict sum = kernel + (tap * u.in + channel) * u.out;
      for (int64_t o = 0; o < u.out; o++) sum[o] = 0;
      for (const auto &[p, q] : u.taps[tap]) {
        const float *__restrict part = matrix + (p * u.in + channel) * row + q * u.out;
#pragma omp simd
        for (int64_t o = 0; o < u.out; o++) sum[o] += part[o];
      }
    }
  }
}

// The bias sees every output pixel.
inline void foldBias(const Unrolled &u, const float *unrolled, float *bias) {
  for (int64_t o = 0; o < u.out; o++) bias[o] = 0;
  for (int64_t q = 0; q < u.outPixels; q++) {
    for (int64_t o = 0; o < u.out; o++) bias[o] += unrolled[q * u.out + o];
  }
}

}  // namespace atelier
