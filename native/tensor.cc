#include "tensor.h"

namespace atelier {

memory::data_type dnnlType(DType dtype) {
  switch (dtype) {
    case DType::f32:
      return memory::data_type::f32;
    case DType::bf16:
      return memory::data_type::bf16;
    case DType::u8:
      return memory::data_type::u8;
    default:
      return memory::data_type::undef;
  }
}

memory::desc descOf(const Shape &shape, DType dtype, Layout layout) {
  const auto type = dnnlType(dtype);
  if (type == memory::data_type::undef) return memory::desc();
  if (layout == Layout::kernel) return memory::desc(shape, type, memory::format_tag::hwio);
  if (isBlocked(layout)) return imageDesc(shape, type, layout).permute_axes({0, 3, 1, 2});
  if (shape.empty()) return memory::desc({1}, type, memory::format_tag::a);
  memory::dims strides(shape.size(), 1);
  for (size_t axis = shape.size() - 1; axis > 0; axis--) strides[axis - 1] = strides[axis] * shape[axis];
  return memory::desc(shape, type, strides);
}

memory::desc imageDesc(const Shape &nhwc, memory::data_type type, Layout layout) {
  using tag = memory::format_tag;
  const auto order = layout == Layout::blocked8    ? tag::nChw8c
                     : layout == Layout::blocked16 ? tag::nChw16c
                                                   : tag::nhwc;
  return memory::desc({nhwc[0], nhwc[3], nhwc[1], nhwc[2]}, type, order);
}

memory::desc matrixDesc(int64_t rows, int64_t columns, memory::data_type type) {
  return memory::desc({rows, columns}, type, memory::format_tag::ab);
}

memory::desc vectorDesc(int64_t size) {
  return memory::desc({size}, memory::data_type::f32, memory::format_tag::a);
}

namespace {

// Tells apart all descriptors of one tensor.
std::string formOf(const memory::desc &desc) {
  std::string text = onednn::typeOf(desc) == memory::data_type::bf16 ? "bf16 " : "f32 ";
  for (const auto extent : onednn::dimsOf(desc)) text += std::to_string(extent) + " ";
  return text + onednn::layoutOf(desc);
}

}  // namespace

Persistent::Persistent(const TensorSpec &spec, Layout layout)
    : name(spec.name),
      shape(spec.shape),
      layout(layout),
      desc(descOf(spec.shape, spec.dtype, layout)),
      buffer(sizeOf(spec.shape) * sizeof(float)) {}

Copy &Persistent::copyNamed(const std::string &form, size_t bytes) {
  for (const auto &copy : copies) {
    if (copy->form == form) return *copy;
  }
  copies.push_back(std::make_unique<Copy>());
  auto &copy = *copies.back();
  copy.form = form;
  copy.buffer = Buffer(bytes);
  return copy;
}

Copy &Persistent::copyOf(const View &seen, const memory::desc &wanted, const dnnl::engine &engine) {
  auto &copy = copyNamed(formOf(seen.desc) + " @ " + std::to_string(seen.offset) + " -> " + formOf(wanted),
                         wanted.get_size());
  if (copy.renew) return copy;
  dnnl::memory from(seen.desc, engine, static_cast<char *>(buffer.data()) + seen.offset);
  dnnl::memory to(wanted, engine, copy.buffer.data());
  copy.renew = [reorder = dnnl::reorder(from, to), from, to](dnnl::stream &stream) mutable {
    reorder.execute(stream, from, to);
  };
  copy.elementwise = onednn::typeOf(wanted) == memory::data_type::bf16 &&
                     wanted.get_size() * 2 == buffer.bytes() &&
                     onednn::layoutOf(wanted) == onednn::layoutOf(seen.desc);
  return copy;
}

Copy *Persistent::elementwiseCopy() const {
  for (const auto &copy : copies) {
    if (copy->elementwise) return copy.get();
  }
  return nullptr;
}

}  // namespace atelier
