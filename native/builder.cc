#include "builder.h"

#include <algorithm>
#include <stdexcept>

#include "layouts.h"
#include "steps/convolution.h"
#include "steps/steps.h"

namespace atelier {

namespace {

[[noreturn]] void fail(const std::string &what, const std::string &expected, const std::string &received) {
  throw std::invalid_argument(what + ": expected " + expected + ", received " + received);
}

}  // namespace

Builder::Builder(Context &context, Program &program, const Program *shared)
    : context_(context), program_(program), shared_(shared) {}

void Builder::build() {
  checkPlan();
  for (const auto &spec : program_.plan_.tensors) {
    Tensor tensor;
    tensor.spec = spec;
    program_.tensors_.push_back(std::move(tensor));
  }
  chooseLayouts();
  placePersistent();
  for (auto &tensor : program_.tensors_) {
    tensor.bytes = tensor.size() * bytesOf(tensor.spec.dtype);
    tensor.desc = descOf(tensor.shape(), tensor.spec.dtype, tensor.layout);
  }
  program_.steps_.resize(program_.plan_.steps.size());
  for (size_t index = 0; index < program_.steps_.size(); index++) buildStep(index);
}

void Builder::checkPlan() const {
  const auto &plan = program_.plan_;
  const auto count = static_cast<int>(plan.tensors.size());
  for (const auto &spec : plan.tensors) {
    if (spec.persistent && spec.dtype != DType::f32)
      fail(spec.name, "f32, being persistent", nameOf(spec.dtype));
    if (!spec.persistent && (spec.slot < 0 || spec.slot >= plan.slots)) {
      fail(spec.name, "a slot below " + std::to_string(plan.slots), std::to_string(spec.slot));
    }
    for (const auto extent : spec.shape) {
      if (extent < 1) fail(spec.name, "extents of at least 1", formatShape(spec.shape));
    }
  }
  for (const auto *ids : {&plan.inputs, &plan.outputs}) {
    for (const int id : *ids) {
      if (id < 0 || id >= count)
        fail("inputs and outputs", "tensors below " + std::to_string(count), std::to_string(id));
    }
  }
  for (const int id : plan.outputs) {
    if (plan.tensors[id].dtype != DType::f32)
      fail(plan.tensors[id].name, "f32, being an output", nameOf(plan.tensors[id].dtype));
  }
}

// Convolution kernels have a layout of their own, and all that is updated together lies alike.
void Builder::chooseLayouts() {
  const auto mark = [&](const Fields &fields, const char *name) {
    if (fields.has(name)) tensor(fields, name).layout = Layout::kernel;
  };
  for (const auto &step : program_.plan_.steps) {
    if (step.kind.rfind("convolution", 0) != 0) continue;
    mark(step.fields, "weights");
    mark(step.fields, "diffWeights");
  }
  for (const auto &step : program_.plan_.steps) {
    for (const auto &parameter : step.parameters) {
      const auto layout = tensor(parameter, "weights").layout;
      for (const char *name : {"gradient", "mean", "variance", "velocity", "average"}) {
        if (auto *other = optional(parameter, name)) other->layout = layout;
      }
    }
  }
  blockImages(program_.plan_, program_.tensors_, [this](const StepSpec &step, Layout layout) {
    spec_ = &step;
    try {
      return convolutionTakesBlocks(*this, layout);
    } catch (const std::exception &) {
      return false;  // Building the step tells what is wrong with it.
    }
  });
}

void Builder::placePersistent() {
  for (auto &tensor : program_.tensors_) {
    if (!tensor.spec.persistent) continue;
    auto &found = program_.persistent_[tensor.spec.name];
    if (shared_ && !found) {
      const auto existing = shared_->persistent_.find(tensor.spec.name);
      if (existing != shared_->persistent_.end()) found = existing->second;
    }
    if (!found) found = std::make_shared<Persistent>(tensor.spec, tensor.layout);
    if (found->shape != tensor.shape()) {
      fail(tensor.spec.name, "the shape it has in the other program, " + formatShape(found->shape),
           formatShape(tensor.shape()));
    }
    tensor.layout = found->layout;
    tensor.persistent = found;
  }
}

void Builder::buildStep(size_t index) {
  spec_ = &program_.plan_.steps[index];
  step_ = &program_.steps_[index];
  step_->title = "step " + std::to_string(index) + " (" + spec_->title + ")";
  scratchUsed_ = 0;
  try {
    stepBuilder(spec_->kind)(*this);
  } catch (const dnnl::error &error) {
    throw std::runtime_error(step_->title + ": oneDNN: " + error.what());
  } catch (const std::exception &error) {
    throw std::invalid_argument(step_->title + ": " + error.what());
  }
  for (auto &work : after_) step_->work.push_back(std::move(work));
  after_.clear();
  program_.scratchBytes_ = std::max(program_.scratchBytes_, scratchUsed_);
}

Tensor &Builder::tensor(const Fields &fields, const char *field) const {
  auto *found = optional(fields, field);
  if (!found) fail(field, "a tensor", "none");
  return *found;
}

Tensor *Builder::optional(const Fields &fields, const char *field) const {
  const int id = fields.idOrNone(field);
  if (id == -1) return nullptr;
  const auto count = static_cast<int>(program_.tensors_.size());
  if (id < 0 || id >= count) fail(field, "a tensor below " + std::to_string(count), std::to_string(id));
  return &program_.tensors_[id];
}

Tensor &Builder::tensor(const char *field, const Shape &shape, std::initializer_list<DType> types) const {
  auto &found = tensor(field);
  const auto name = std::string(field) + " '" + found.spec.name + "'";
  if (found.shape() != shape) fail(name, formatShape(shape), formatShape(found.shape()));
  if (found.layout == Layout::kernel && spec_->kind.rfind("convolution", 0) != 0) {
    fail(name, "a tensor that is no convolution's weights", "one that is");
  }
  if (std::find(types.begin(), types.end(), found.spec.dtype) == types.end()) {
    std::string expected;
    for (const auto type : types) expected += (expected.empty() ? "" : " or ") + std::string(nameOf(type));
    fail(name, expected, nameOf(found.spec.dtype));
  }
  return found;
}

dnnl::memory Builder::bound(const memory::desc &desc, const Tensor *tensor, size_t offset) {
  dnnl::memory memory(desc, context_.engine, DNNL_MEMORY_NONE);
  program_.bindings_.push_back({memory, tensor, offset});
  return memory;
}

dnnl::memory Builder::view(const Tensor &tensor, const View &seen) {
  return bound(seen.desc, &tensor, seen.offset);
}

dnnl::memory Builder::scratch(const memory::desc &desc) {
  const auto memory = bound(desc, nullptr, scratchUsed_);
  scratchUsed_ += roundUp(desc.get_size(), 64);
  return memory;
}

void Builder::reorder(const dnnl::memory &from, const dnnl::memory &to,
                      std::vector<std::function<void()>> &list) {
  const dnnl::reorder::primitive_desc desc(from, to, onednn::attributes());
  Arguments arguments{{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}};
  if (const auto needed = desc.scratchpad_desc(); needed.get_size() > 0) {
    arguments[DNNL_ARG_SCRATCHPAD] = scratch(needed);
  }
  list.push_back([primitive = dnnl::reorder(desc), arguments = std::move(arguments),
                  &stream = context_.stream] { primitive.execute(stream, arguments); });
}

dnnl::memory Builder::reading(const Tensor &tensor, const View &seen, const memory::desc &wanted,
                              const memory::desc &as) {
  if (seen.desc == wanted) return view(tensor, {as, seen.offset});
  if (tensor.persistent) return keeping(tensor, tensor.persistent->copyOf(seen, wanted, context_.engine), as);
  note("reorder " + onednn::layoutOf(seen.desc) + " to " + onednn::layoutOf(wanted));
  const auto offset = scratchUsed_;
  reorder(view(tensor, seen), scratch(wanted), step_->work);
  return bound(as, nullptr, offset);
}

dnnl::memory Builder::keeping(const Tensor &tensor, Copy &copy, const memory::desc &as) {
  const std::pair<Persistent *, Copy *> use(tensor.persistent.get(), &copy);
  auto &used = program_.copies_;
  if (std::find(used.begin(), used.end(), use) == used.end()) used.push_back(use);
  return dnnl::memory(as, context_.engine, copy.buffer.data());
}

dnnl::memory Builder::writing(const Tensor &tensor, const View &seen, const memory::desc &wanted,
                              const memory::desc &as) {
  if (seen.desc == wanted) return view(tensor, {as, seen.offset});
  note("reorder " + onednn::layoutOf(wanted) + " to " + onednn::layoutOf(seen.desc));
  const auto offset = scratchUsed_;
  reorder(scratch(wanted), view(tensor, seen), after_);
  return bound(as, nullptr, offset);
}

dnnl::memory Builder::writingOpaque(Tensor &tensor, const memory::desc &desc) {
  tensor.desc = desc;
  tensor.bytes = desc.get_size();
  return view(tensor, {desc});
}

dnnl::memory Builder::readingOpaque(const Tensor &tensor, const memory::desc &desc) {
  if (tensor.desc != desc) fail(tensor.spec.name, "what its forward step wrote", "something else");
  return view(tensor, {desc});
}

}  // namespace atelier
