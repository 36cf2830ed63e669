// Turns a plan's steps into closures: finds tensors, checks what they are, inserts the conversions that a
// primitive's wishes make necessary, and hands out scratch space.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>

#include "program.h"

namespace atelier {

using Arguments = std::unordered_map<int, dnnl::memory>;

// Where it lies just now: to be asked at run time, since the arena may move.
template <class T>
T *dataOf(const dnnl::memory &memory) {
  return static_cast<T *>(memory.get_data_handle());
}

class Builder {
 public:
  Builder(Context &context, Program &program, const Program *shared);
  void build();

  // Of the step being built:
  const Fields &fields() const { return spec_->fields; }
  const std::vector<Fields> &parameters() const { return spec_->parameters; }
  Tensor &tensor(const char *field) const { return tensor(fields(), field); }
  Tensor &tensor(const Fields &fields, const char *field) const;
  // Null where the plan says null.
  Tensor *optional(const char *field) const { return optional(fields(), field); }
  Tensor *optional(const Fields &fields, const char *field) const;
  // A tensor of that shape and one of those types.
  Tensor &tensor(const char *field, const Shape &shape,
                 std::initializer_list<DType> types = {DType::f32}) const;

  const dnnl::engine &engine() const { return context_.engine; }
  int threads() const { return context_.threads; }
  bool fixedWeights() const { return program_.plan_.fixedWeights; }

  // The tensor as the primitive wants it, converted in scratch space (or in a copy that is kept, for a
  // persistent one) where it lies otherwise. `seen` is how the step describes its memory, `as` how the
  // primitive names the wanted bytes, where that differs (a matrix and its transpose are the same bytes).
  dnnl::memory reading(const Tensor &tensor, const View &seen, const memory::desc &wanted,
                       const memory::desc &as);
  dnnl::memory reading(const Tensor &tensor, const View &seen, const memory::desc &wanted) {
    return reading(tensor, seen, wanted, wanted);
  }
  // A copy of the tensor that the program keeps up to date from now on.
  dnnl::memory keeping(const Tensor &tensor, Copy &copy, const memory::desc &as);
  // Memory for the primitive to write, converted into the tensor after it.
  dnnl::memory writing(const Tensor &tensor, const View &seen, const memory::desc &wanted,
                       const memory::desc &as);
  dnnl::memory writing(const Tensor &tensor, const View &seen, const memory::desc &wanted) {
    return writing(tensor, seen, wanted, wanted);
  }
  // The tensor's own memory.
  dnnl::memory view(const Tensor &tensor, const View &seen);
  dnnl::memory scratch(const memory::desc &desc);

  // What the forward step leaves for its backward step: written with that form, read with that form.
  dnnl::memory writingOpaque(Tensor &tensor, const memory::desc &desc);
  dnnl::memory readingOpaque(const Tensor &tensor, const memory::desc &desc);

  template <class Primitive>
  void run(const typename Primitive::primitive_desc &desc, Arguments arguments) {
    if (const auto needed = desc.scratchpad_desc(); needed.get_size() > 0) {
      arguments[DNNL_ARG_SCRATCHPAD] = scratch(needed);
    }
    note(desc.impl_info_str());
    kernel([primitive = Primitive(desc), arguments = std::move(arguments), &stream = context_.stream] {
      primitive.execute(stream, arguments);
    });
  }
  void kernel(std::function<void()> work) { step_->work.push_back(std::move(work)); }
  // Adds to what `describe` tells of the step.
  void note(const std::string &text) {
    step_->implementation += (step_->implementation.empty() ? "" : ", ") + text;
  }

 private:
  void chooseLayouts();
  void placePersistent();
  void buildStep(size_t index);
  void checkPlan() const;
  dnnl::memory bound(const memory::desc &desc, const Tensor *tensor, size_t offset);
  void reorder(const dnnl::memory &from, const dnnl::memory &to, std::vector<std::function<void()>> &list);

  Context &context_;
  Program &program_;
  const Program *shared_;
  const StepSpec *spec_ = nullptr;
  CompiledStep *step_ = nullptr;
  std::vector<std::function<void()>> after_;
  size_t scratchUsed_ = 0;
};

}  // namespace atelier
