// Tensors as a program holds them. A tensor lies plain in the order of its logical shape, with two exceptions.
// Convolution kernels (and what goes with them elementwise: gradient, moments, average) lie as height, width, in,
// out: a tap of the window is then a dense matrix, and both of oneDNN's directions are cheap to derive. Images
// between convolutions may lie in blocks of channels (layouts.h).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "buffer.h"
#include "onednn.h"
#include "plan.h"

namespace atelier {

using dnnl::memory;

enum class Layout { plain, kernel, blocked8, blocked16 };

inline bool isBlocked(Layout layout) { return layout == Layout::blocked8 || layout == Layout::blocked16; }

memory::data_type dnnlType(DType dtype);
// The whole tensor with its logical dimensions, as it lies in memory.
memory::desc descOf(const Shape &shape, DType dtype, Layout layout);
// n, c, h, w over an NHWC tensor, as oneDNN's image primitives see it.
memory::desc imageDesc(const Shape &nhwc, memory::data_type type, Layout layout = Layout::plain);
memory::desc matrixDesc(int64_t rows, int64_t columns, memory::data_type type);
memory::desc vectorDesc(int64_t size);

// How a step sees a tensor's memory: a descriptor from some byte on.
struct View {
  memory::desc desc;
  size_t offset = 0;
};

// A persistent tensor in another form, which some primitive wants; renewed when the tensor has changed.
struct Copy {
  std::string form;
  Buffer buffer;
  std::function<void(dnnl::stream &)> renew;
  uint64_t version = 0;
  // Same order as the tensor, in bf16: the update step writes it along with the weights.
  bool elementwise = false;
};

// Parameters, statistics and optimizer state: f32, shared between programs by name.
struct Persistent {
  std::string name;
  Shape shape;
  Layout layout;
  memory::desc desc;
  Buffer buffer;
  uint64_t version = 1;
  std::vector<std::unique_ptr<Copy>> copies;

  Persistent(const TensorSpec &spec, Layout layout);
  float *values() const { return static_cast<float *>(buffer.data()); }
  // The copy of that form; one that is new has no `renew` yet.
  Copy &copyNamed(const std::string &form, size_t bytes);
  // What is seen there, reordered.
  Copy &copyOf(const View &seen, const memory::desc &wanted, const dnnl::engine &engine);
  // The copy that the update step writes, if any program wants one.
  Copy *elementwiseCopy() const;
};

struct Tensor {
  TensorSpec spec;
  Layout layout = Layout::plain;
  // Of an opaque tensor, the forward step's workspace.
  memory::desc desc;
  size_t bytes = 0;
  void *data = nullptr;
  std::shared_ptr<Persistent> persistent;

  template <class T>
  T *as() const {
    return static_cast<T *>(data);
  }
  const Shape &shape() const { return spec.shape; }
  int64_t size() const { return sizeOf(spec.shape); }
  memory::data_type type() const { return dnnlType(spec.dtype); }
};

}  // namespace atelier
