#include "../kernels/unrolled.h"

#include "convolution.h"
#include "products.h"

namespace atelier {

namespace {

constexpr auto f32 = memory::data_type::f32;

Unrolled unrolledOf(const Geometry &g) {
  Unrolled u{g.in, g.out, g.height * g.width, g.outHeight * g.outWidth, g.kernelHeight * g.kernelWidth, {}};
  for (int64_t p = 0; p < u.inPixels; p++) {
    for (int64_t q = 0; q < u.outPixels; q++) {
      const auto row = p / g.width - (q / g.outWidth * g.window.strides[0] - g.window.before[0]);
      const auto column = p % g.width - (q % g.outWidth * g.window.strides[1] - g.window.before[1]);
      const bool met = row >= 0 && row < g.kernelHeight && column >= 0 && column < g.kernelWidth;
      u.tapOf.push_back(met ? row * g.kernelWidth + column : -1);
    }
  }
  return u;
}

WeightMatrix matrixOf(const Unrolled &u) { return {u.rows(), u.columns(), u.columns(), 1}; }

// Where each tap of the reduced window begins in the kernel tensor, in values.
std::vector<int64_t> tapOffsets(const Geometry &g, const Tensor &weights) {
  std::vector<int64_t> offsets;
  const auto width = weights.shape()[3];
  for (int64_t row = g.top; row < g.top + g.kernelHeight; row++) {
    for (int64_t column = g.left; column < g.left + g.kernelWidth; column++) {
      offsets.push_back((row * width + column) * g.in * g.out);
    }
  }
  return offsets;
}

// The kernel's matrix in the form `wanted`, kept beside it; `as` is the primitive's name for those bytes.
dnnl::memory keepingUnrolled(Builder &b, const Geometry &g, const Tensor &weights, DType type,
                             const memory::desc &wanted, const memory::desc &as) {
  auto form = std::string("unrolled ") + nameOf(type);
  for (const auto extent : {g.height, g.width, g.outHeight, g.outWidth, g.window.strides[0],
                            g.window.strides[1], g.window.before[0], g.window.before[1]}) {
    form += " " + std::to_string(extent);
  }
  const auto u = unrolledOf(g);
  const auto plain = matrixOf(u).desc(dnnlType(type));
  const bool packed = wanted != plain;
  if (packed) form += " " + onednn::layoutOf(wanted);
  auto &copy = weights.persistent->copyNamed(form, wanted.get_size());
  withFloatType(type, [&](auto zero) {
    using T = decltype(zero);
    copy.renew = [=, offsets = tapOffsets(g, weights), kernel = weights.persistent->values(),
                  engine = b.engine(), kept = copy.buffer.data()](dnnl::stream &stream) {
      const Buffer whole(packed ? plain.get_size() : 0);
      void *matrix = packed ? whole.data() : kept;
      unrollKernel(u, kernel, offsets, static_cast<T *>(matrix));
      if (!packed) return;
      dnnl::memory from(plain, engine, matrix), to(wanted, engine, kept);
      dnnl::reorder(from, to).execute(stream, from, to);
    };
  });
  b.note("unrolled");
  return b.keeping(weights, copy, as);
}

}  // namespace

bool canUnroll(const Geometry &g, const Tensor &weights) {
  return g.tiny() && weights.persistent && weights.layout == Layout::kernel;
}

void unrolledForward(Builder &b, const Geometry &g) {
  const auto &src = b.tensor("src"), &weights = b.tensor("weights"), &bias = b.tensor("bias"),
             &dst = b.tensor("dst");
  const auto u = unrolledOf(g);
  const auto row = b.scratch(matrixDesc(1, u.columns(), f32));
  b.kernel([u, row, &bias] { unrollBias(u, bias.as<float>(), dataOf<float>(row)); });
  const ForwardWeights matrix{matrixOf(u).desc(src.type()), [&](const memory::desc &wanted) {
                                return keepingUnrolled(b, g, weights, src.spec.dtype, wanted, wanted);
                              }};
  productForward(b, readingMatrix(b, src, g.images, src.type()), matrix, row,
                 b.view(dst, {matrixDesc(g.images, u.columns(), dst.type())}), b.fields().flag("relu"));
}

void unrolledBackwardData(Builder &b, const Geometry &g) {
  const auto &diffSrc = b.tensor("diffSrc"), &weights = b.tensor("weights"), &diffDst = b.tensor("diffDst");
  const auto u = unrolledOf(g);
  const auto type = productType(diffDst, diffSrc);
  const auto dtype = type == f32 ? DType::f32 : DType::bf16;
  productBackwardData(b, readingMatrix(b, diffDst, g.images, type),
                      keepingUnrolled(b, g, weights, dtype, matrixOf(u).desc(type),
                                      matrixOf(u).transposed(type)),
                      b.view(diffSrc, {matrixDesc(g.images, u.rows(), diffSrc.type())}));
}

void unrolledBackwardWeights(Builder &b, const Geometry &g) {
  const auto &src = b.tensor("src"), &diffDst = b.tensor("diffDst");
  const auto &diffWeights = b.tensor("diffWeights"), &diffBias = b.tensor("diffBias");
  const auto u = unrolledOf(g);
  const auto type = productType(src, diffDst);
  const auto matrix = b.scratch(matrixOf(u).transposed(f32));
  const auto row = b.scratch(vectorDesc(u.columns()));
  productBackwardWeights(b, readingMatrix(b, src, g.images, type), readingMatrix(b, diffDst, g.images, type),
                         matrix, row);
  const memory::desc folded(g.weights(), f32, memory::format_tag::hwio);
  const auto kernel = b.writing(diffWeights, kernelView(g, diffWeights), folded);
  b.note("unrolled");
  b.kernel([u, matrix, row, kernel, &diffBias] {
    foldKernel(u, dataOf<const float>(matrix), dataOf<float>(kernel));
    foldBias(u, dataOf<const float>(row), diffBias.as<float>());
  });
}

}  // namespace atelier
