// A compiled plan: a list of closures over tensors whose places are known.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "context.h"
#include "tensor.h"

namespace atelier {

struct CompiledStep {
  std::string title;
  // What carries it out, and in which layouts.
  std::string implementation;
  std::vector<std::function<void()>> work;
};

// A primitive's memory that moves with the arena: part of a tensor, or of the step's scratch space.
struct Binding {
  dnnl::memory memory;
  const Tensor *tensor;  // null: scratch space
  size_t offset;
};

struct Bytes {
  size_t arena, persistent, copies;
};

class Program {
 public:
  // Persistent tensors are `shared`'s where it has one of the same name.
  Program(Context &context, PlanSpec plan, const Program *shared);

  // `inputs` and `outputs` hold the values of all iterations, in the plan's order of inputs and outputs. With
  // `seconds` (steps + 1 places) each step's time is added up, the last place taking all that is no step.
  void run(int64_t iterations, const std::vector<const void *> &inputs, const std::vector<float *> &outputs,
           double *seconds);
  // Both in the plain logical layout.
  void read(int tensor, float *values);
  void write(int tensor, const float *values);

  Bytes bytes() const;
  const PlanSpec &plan() const { return plan_; }
  const std::vector<CompiledStep> &steps() const { return steps_; }
  const Tensor &tensor(int id) const { return tensors_[id]; }

 private:
  friend class Builder;
  void placeTensors();
  void findDirectInputs();
  void bind();
  void iterate(int64_t iteration, const std::vector<const void *> &inputs,
               const std::vector<float *> &outputs, double *seconds);
  void refreshCopies();

  // Never given twice, as an address may be.
  const uint64_t number_;
  Context &context_;
  PlanSpec plan_;
  std::vector<Tensor> tensors_;
  std::vector<CompiledStep> steps_;
  std::vector<Binding> bindings_;
  std::vector<std::pair<Persistent *, Copy *>> copies_;
  // Of each input, whether steps may read it where the caller has it: no primitive is bound to its place.
  std::vector<bool> direct_;
  std::vector<size_t> slotOffsets_;
  std::unordered_map<std::string, std::shared_ptr<Persistent>> persistent_;
  size_t slotBytes_ = 0;
  size_t scratchBytes_ = 0;
  const char *boundTo_ = nullptr;
};

}  // namespace atelier
