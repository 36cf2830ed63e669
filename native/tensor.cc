#include "tensor.h"

namespace atelier {

memory::data_type dnnlType(DType dtype) {
  switch (dtype) {
    case DType::f32: return memory::data_type::f32;
    case DType::bf16: return memory::data_type::bf16;
    case DType::u8: return memory::data_type::u8;
    default: return memory::data_type::undef;
  }
}

memory::desc descOf(const Shape &shape, DType dtype, Layout layout) {
  const auto type = dnnlType(dtype);
  if (type == memory::data_type::undef) return memory::desc();
  if (layout == Layout::kernel) return memory::desc(shape, type, memory::format_tag::hwio);
  if (shape.empty()) return memory::desc({1}, type, memory::format_tag::a);
  memory::dims strides(shape.size(), 1);
  for (size_t axis = shape.size() - 1; axis > 0; axis--) strides[axis - 1] = strides[axis] * shape[axis];
  return memory::desc(shape, type, strides);
}

memory::desc imageDesc(const Shape &nhwc, memory::data_type type) {
  return memory::desc({nhwc[0], nhwc[3], nhwc[1], nhwc[2]}, type, memory::format_tag::nhwc);
}

memory::desc matrixDesc(int64_t rows, int64_t columns, memory::data_type type) {
  return memory::desc({rows, columns}, type, memory::format_tag::ab);
}

memory::desc vectorDesc(int64_t size) {
  return memory::desc({size}, memory::data_type::f32, memory::format_tag::a);
}

Persistent::Persistent(const TensorSpec &spec, Layout layout)
    : name(spec.name),
      shape(spec.shape),
      layout(layout),
      desc(descOf(spec.shape, spec.dtype, layout)),
      buffer(sizeOf(spec.shape) * sizeof(float)) {}

Copy &Persistent::copyOf(const View &from, const memory::desc &wanted, const dnnl::engine &engine) {
  for (const auto &copy : copies) {
    if (copy->from.desc == from.desc && copy->from.offset == from.offset && copy->desc == wanted) return *copy;
  }
  auto copy = std::make_unique<Copy>();
  copy->from = from;
  copy->desc = wanted;
  copy->buffer = Buffer(wanted.get_size());
  copy->source = memory(from.desc, engine, static_cast<char *>(buffer.data()) + from.offset);
  copy->target = memory(wanted, engine, copy->buffer.data());
  copy->reorder = dnnl::reorder(copy->source, copy->target);
  copy->elementwise = onednn::typeOf(wanted) == memory::data_type::bf16 && wanted.get_size() * 2 == buffer.bytes() &&
                      onednn::layoutOf(wanted) == onednn::layoutOf(from.desc);
  copies.push_back(std::move(copy));
  return *copies.back();
}

Copy *Persistent::elementwiseCopy() const {
  for (const auto &copy : copies) {
    if (copy->elementwise) return copy.get();
  }
  return nullptr;
}

}  // namespace atelier
