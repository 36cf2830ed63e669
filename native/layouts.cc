#include "layouts.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "cpu.h"

namespace atelier {

namespace {

// Pixels of an image from which blocks are worth it. Over fewer, channels-last kernels are as fast.
constexpr int64_t largeImage = 100;

// The images of a step: those that lie alike, and those that it reads or writes in any layout.
struct Images {
  std::vector<const char *> alike, any;
};

const std::map<std::string, Images> imagesOf = {
    {"convolution", {{"src", "dst"}, {}}},
    {"convolutionBackwardData", {{"diffSrc", "diffDst"}, {}}},
    {"convolutionBackwardWeights", {{"src", "diffDst"}, {}}},
    {"batchNormalization", {{"src", "dst"}, {}}},
    {"batchNormalizationInference", {{"src", "dst"}, {}}},
    {"batchNormalizationBackward", {{"src", "diffDst", "diffSrc"}, {}}},
    {"relu", {{"src", "dst"}, {}}},
    {"reluBackward", {{"dst", "diffDst", "diffSrc"}, {}}},
    {"add", {{"a", "b", "dst"}, {}}},
    {"maxPooling", {{"src", "dst"}, {}}},
    {"maxPoolingBackward", {{"diffDst", "diffSrc"}, {}}},
    {"globalAveragePooling", {{}, {"src"}}},
    {"globalAveragePoolingBackward", {{}, {"diffSrc"}}},
    {"dropout", {{}, {"src", "dst"}}},
    {"dense", {{}, {"src"}}},
    {"denseBackwardData", {{}, {"diffSrc"}}},
    {"denseBackwardWeights", {{}, {"src"}}},
};

bool isConvolution(const StepSpec &step) { return step.kind.rfind("convolution", 0) == 0; }

// Sets of images that lie alike. A set stays channels-last when one of its images must.
class Sets {
 public:
  Sets(const PlanSpec &plan, int64_t block) : plan_(plan), block_(block), parent_(plan.tensors.size()) {
    std::iota(parent_.begin(), parent_.end(), 0);
    refused_.assign(parent_.size(), false);
    for (size_t id = 0; id < parent_.size(); id++) refused_[id] = !blockable(id);
    for (const auto *ids : {&plan.inputs, &plan.outputs})
      for (const int id : *ids) refuse(id);
    for (const auto &step : plan.steps) visit(step);
  }

  void refuse(int id) { refused_[find(id)] = true; }
  bool refused(int id) { return refused_[find(id)]; }
  int find(int id) {
    while (parent_[id] != id) id = parent_[id] = parent_[parent_[id]];
    return id;
  }

 private:
  bool blockable(size_t id) const {
    const auto &spec = plan_.tensors[id];
    return !spec.persistent && spec.dtype == DType::f32 && spec.shape.size() == 4 &&
           spec.shape[3] % block_ == 0;
  }
  // Of the fields that are images of four extents.
  std::vector<int> idsOf(const StepSpec &step, const std::vector<const char *> &fields) const {
    std::vector<int> ids;
    for (const auto *field : fields) {
      const int id = step.fields.idOrNone(field);
      if (id >= 0 && id < static_cast<int>(parent_.size()) && plan_.tensors[id].shape.size() == 4)
        ids.push_back(id);
    }
    return ids;
  }
  void visit(const StepSpec &step) {
    const auto known = imagesOf.find(step.kind);
    if (known == imagesOf.end()) {
      for (const int id : idsOf(step, {"src", "dst", "diffSrc", "diffDst", "a", "b"})) refuse(id);
      return;
    }
    auto ids = idsOf(step, known->second.alike);
    const auto few = [&](int id) { return isConvolution(step) && plan_.tensors[id].shape[3] <= fewChannels; };
    ids.erase(std::remove_if(ids.begin(), ids.end(), few), ids.end());
    for (size_t i = 1; i < ids.size(); i++) join(ids[0], ids[i]);
  }
  void join(int a, int b) {
    const int left = find(a), right = find(b);
    refused_[left] = refused_[left] || refused_[right];
    parent_[right] = left;
  }

  const PlanSpec &plan_;
  const int64_t block_;
  std::vector<int> parent_;
  std::vector<bool> refused_;
};

}  // namespace

void blockImages(const PlanSpec &plan, std::vector<Tensor> &tensors,
                 const std::function<bool(const StepSpec &, Layout)> &takesBlocks) {
  const auto block = channelBlock();
  if (block == 0) return;
  const auto layout = block == 16 ? Layout::blocked16 : Layout::blocked8;
  Sets sets(plan, block);
  // Sets with a convolution over a large image, which are what it is done for.
  std::vector<bool> wanted(tensors.size(), false);
  for (const auto &step : plan.steps) {
    if (!isConvolution(step)) continue;
    for (const auto *field : {"src", "dst", "diffSrc", "diffDst"}) {
      const int id = step.fields.idOrNone(field);
      if (id < 0 || sets.refused(id)) continue;
      const auto &shape = plan.tensors[id].shape;
      if (shape[1] * shape[2] >= largeImage) wanted[sets.find(id)] = true;
      if (!takesBlocks(step, layout)) sets.refuse(id);
    }
  }
  for (size_t id = 0; id < tensors.size(); id++) {
    const int at = static_cast<int>(id);
    if (!sets.refused(at) && wanted[sets.find(at)]) tensors[id].layout = layout;
  }
}

}  // namespace atelier
