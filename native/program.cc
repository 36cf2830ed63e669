#include "program.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <stdexcept>

#include "builder.h"

namespace atelier {

namespace {

std::atomic<uint64_t> nextNumber{1};

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void rearrange(const memory::desc &from, const void *source, const memory::desc &to, void *target,
               Context &context) {
  dnnl::memory src(from, context.engine, const_cast<void *>(source));
  dnnl::memory dst(to, context.engine, target);
  dnnl::reorder(src, dst).execute(context.stream, src, dst);
  context.stream.wait();
}

}  // namespace

Program::Program(Context &context, PlanSpec plan, const Program *shared)
    : number_(nextNumber++), context_(context), plan_(std::move(plan)) {
  Builder(context, *this, shared).build();
  placeTensors();
  findDirectInputs();
}

void Program::findDirectInputs() {
  for (const int id : plan_.inputs) {
    const auto reads = [&](const Binding &binding) { return binding.tensor == &tensors_[id]; };
    direct_.push_back(std::none_of(bindings_.begin(), bindings_.end(), reads));
  }
}

// Each slot is as large as its largest tensor; scratch space follows the slots.
void Program::placeTensors() {
  std::vector<size_t> sizes(plan_.slots, 0);
  for (const auto &tensor : tensors_) {
    if (!tensor.persistent) sizes[tensor.spec.slot] = std::max(sizes[tensor.spec.slot], tensor.bytes);
  }
  for (const auto size : sizes) {
    slotOffsets_.push_back(slotBytes_);
    slotBytes_ += roundUp(size, 64);
  }
}

void Program::bind() {
  char *arena = context_.arena(slotBytes_ + scratchBytes_);
  if (arena == boundTo_) return;
  for (auto &tensor : tensors_) {
    tensor.data =
        tensor.persistent ? tensor.persistent->buffer.data() : arena + slotOffsets_[tensor.spec.slot];
  }
  for (auto &binding : bindings_) {
    char *base = binding.tensor ? binding.tensor->as<char>() : arena + slotBytes_;
    binding.memory.set_data_handle(base + binding.offset);
  }
  boundTo_ = arena;
}

void Program::refreshCopies() {
  for (const auto &[source, copy] : copies_) {
    if (copy->version == source->version) continue;
    copy->renew(context_.stream);
    copy->version = source->version;
  }
}

void Program::iterate(int64_t iteration, const std::vector<const void *> &inputs,
                      const std::vector<float *> &outputs, double *seconds) {
  double since = seconds ? now() : 0;
  const auto account = [&](size_t place) {
    if (!seconds) return;
    const double time = now();
    seconds[place] += time - since;
    since = time;
  };
  for (size_t i = 0; i < inputs.size(); i++) {
    auto &tensor = tensors_[plan_.inputs[i]];
    const char *values = static_cast<const char *>(inputs[i]) + iteration * tensor.bytes;
    if (direct_[i]) {
      tensor.data = const_cast<char *>(values);
    } else {
      std::memcpy(tensor.data, values, tensor.bytes);
    }
  }
  refreshCopies();
  account(steps_.size());
  for (size_t index = 0; index < steps_.size(); index++) {
    if (context_.stopping()) throw std::runtime_error("the engine was stopped");
    try {
      for (const auto &work : steps_[index].work) work();
    } catch (const dnnl::error &error) {
      throw std::runtime_error(steps_[index].title + ": oneDNN: " + error.what());
    }
    account(index);
  }
  for (size_t i = 0; i < outputs.size(); i++) {
    const auto &tensor = tensors_[plan_.outputs[i]];
    std::memcpy(outputs[i] + iteration * tensor.size(), tensor.data, tensor.bytes);
  }
  account(steps_.size());
}

void Program::run(int64_t iterations, const std::vector<const void *> &inputs,
                  const std::vector<float *> &outputs, double *seconds) {
  bind();
  context_.lastRun = number_;
  for (int64_t iteration = 0; iteration < iterations; iteration++)
    iterate(iteration, inputs, outputs, seconds);
}

void Program::read(int id, float *values) {
  const auto &tensor = tensors_[id];
  if (!tensor.persistent && context_.lastRun != number_) {
    throw std::runtime_error(tensor.spec.name +
                             ": expected to be read right after a run of its own program, " +
                             "received another order (only persistent tensors outlive a run)");
  }
  const auto &inputs = plan_.inputs;
  if (std::find(inputs.begin(), inputs.end(), id) != inputs.end())
    throw std::runtime_error(tensor.spec.name + ": expected a tensor that steps write, received an input");
  const void *data = tensor.persistent ? tensor.persistent->buffer.data() : tensor.data;
  rearrange(tensor.desc, data, descOf(tensor.shape(), DType::f32, Layout::plain), values, context_);
}

void Program::write(int id, const float *values) {
  auto &target = *tensors_[id].persistent;
  rearrange(descOf(target.shape, DType::f32, Layout::plain), values, target.desc, target.buffer.data(),
            context_);
  target.version++;
}

Bytes Program::bytes() const {
  Bytes bytes{slotBytes_ + scratchBytes_, 0, 0};
  for (const auto &[name, tensor] : persistent_) bytes.persistent += tensor->buffer.bytes();
  for (const auto &[source, copy] : copies_) bytes.copies += copy->buffer.bytes();
  return bytes;
}

}  // namespace atelier
