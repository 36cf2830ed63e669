// A plan as it crosses the boundary: plain structs, and typed access to a step's fields with errors that name
// it.
#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace atelier {

using Shape = std::vector<int64_t>;

enum class DType { f32, bf16, u8, u32, opaque };

inline const char *nameOf(DType dtype) {
  switch (dtype) {
    case DType::f32:
      return "f32";
    case DType::bf16:
      return "bf16";
    case DType::u8:
      return "u8";
    case DType::u32:
      return "u32";
    case DType::opaque:
      return "opaque";
  }
  return "?";
}

inline size_t bytesOf(DType dtype) { return dtype == DType::bf16 ? 2 : dtype == DType::u8 ? 1 : 4; }

inline int64_t sizeOf(const Shape &shape) {
  int64_t size = 1;
  for (const auto extent : shape) size *= extent;
  return size;
}

inline std::string formatShape(const Shape &shape) {
  std::string text;
  for (const auto extent : shape) text += (text.empty() ? "" : " x ") + std::to_string(extent);
  return shape.empty() ? "scalar" : text;
}

struct TensorSpec {
  std::string name;
  Shape shape;
  DType dtype;
  bool persistent;
  int slot;  // -1 for a persistent tensor
};

// null, a truth value, a number or a list of numbers.
using Field = std::variant<std::nullptr_t, bool, double, std::vector<double>>;

class Fields {
 public:
  std::map<std::string, Field> values;

  double number(const char *name) const { return get<double>(name, "a number"); }
  bool flag(const char *name) const { return get<bool>(name, "true or false"); }
  bool has(const char *name) const { return values.count(name) != 0; }
  int id(const char *name) const { return static_cast<int>(number(name)); }
  int idOrNone(const char *name) const {
    const auto found = values.find(name);
    if (found == values.end() || std::holds_alternative<std::nullptr_t>(found->second)) return -1;
    return id(name);
  }
  Shape integers(const char *name, size_t size) const {
    const auto &list = get<std::vector<double>>(name, "a list of numbers");
    if (list.size() != size) {
      throw std::invalid_argument(std::string(name) + ": expected " + std::to_string(size) +
                                  " numbers, received " + std::to_string(list.size()));
    }
    return Shape(list.begin(), list.end());
  }

 private:
  template <class T>
  const T &get(const char *name, const char *expected) const {
    const auto found = values.find(name);
    if (found == values.end() || !std::holds_alternative<T>(found->second)) {
      throw std::invalid_argument(std::string(name) + ": expected " + expected + ", received " +
                                  (found == values.end() ? "nothing" : "something else"));
    }
    return std::get<T>(found->second);
  }
};

struct StepSpec {
  std::string kind;
  std::string title;  // kind and operands, for people
  Fields fields;
  std::vector<Fields> parameters;  // of the update steps
};

struct PlanSpec {
  std::vector<TensorSpec> tensors;
  std::vector<StepSpec> steps;
  int slots;
  // Whether the weights change between runs alone, and seldom, so that each may be kept in the form its step
  // likes best.
  bool fixedWeights;
  std::vector<int> inputs;   // tensors, in the order in which run receives their values
  std::vector<int> outputs;  // likewise
};

}  // namespace atelier
