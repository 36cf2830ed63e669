#include "plan_reader.h"

namespace atelier {

namespace {

[[noreturn]] void fail(const std::string &what, const char *expected, const Napi::Value &received) {
  const auto text = received.ToString().Utf8Value();
  throw std::invalid_argument(what + ": expected " + expected + ", received " + text);
}

double number(const Napi::Value &value, const std::string &what) {
  if (!value.IsNumber()) fail(what, "a number", value);
  return value.As<Napi::Number>().DoubleValue();
}

std::string text(const Napi::Value &value, const std::string &what) {
  if (!value.IsString()) fail(what, "text", value);
  return value.As<Napi::String>().Utf8Value();
}

bool truth(const Napi::Value &value, const std::string &what) {
  if (!value.IsBoolean()) fail(what, "true or false", value);
  return value.As<Napi::Boolean>().Value();
}

Napi::Object object(const Napi::Value &value, const std::string &what) {
  if (!value.IsObject()) fail(what, "an object", value);
  return value.As<Napi::Object>();
}

template <class Visit>
void each(const Napi::Value &value, const std::string &what, const Visit &visit) {
  if (!value.IsArray()) fail(what, "an array", value);
  const auto array = value.As<Napi::Array>();
  for (uint32_t i = 0; i < array.Length(); i++) visit(array.Get(i), what + "[" + std::to_string(i) + "]");
}

DType dtypeNamed(const std::string &name, const Napi::Value &value) {
  const auto dtype = text(value, name);
  for (const auto known : {DType::f32, DType::bf16, DType::u8, DType::u32, DType::opaque}) {
    if (dtype == nameOf(known)) return known;
  }
  fail(name, "f32, bf16, u8, u32 or opaque", value);
}

TensorSpec readTensor(const Napi::Object &from, const std::string &what) {
  TensorSpec spec;
  spec.name = text(from.Get("name"), what + ".name");
  each(from.Get("shape"), spec.name + ".shape", [&](const Napi::Value &extent, const std::string &place) {
    spec.shape.push_back(static_cast<int64_t>(number(extent, place)));
  });
  spec.dtype = dtypeNamed(spec.name + ".dtype", from.Get("dtype"));
  spec.persistent = truth(from.Get("persistent"), spec.name + ".persistent");
  const auto slot = from.Get("slot");
  spec.slot = slot.IsNull() ? -1 : static_cast<int>(number(slot, spec.name + ".slot"));
  return spec;
}

Field readField(const Napi::Value &value, const std::string &what) {
  if (value.IsNull()) return nullptr;
  if (value.IsBoolean()) return truth(value, what);
  if (value.IsNumber()) return number(value, what);
  std::vector<double> numbers;
  each(value, what,
       [&](const Napi::Value &item, const std::string &place) { numbers.push_back(number(item, place)); });
  return numbers;
}

Fields readFields(const Napi::Object &from, const std::string &what) {
  Fields fields;
  each(from.GetPropertyNames(), what, [&](const Napi::Value &name, const std::string &) {
    const auto key = name.As<Napi::String>().Utf8Value();
    if (key == "kind" || key == "title" || key == "parameters") return;
    fields.values[key] = readField(from.Get(key), what + "." + key);
  });
  return fields;
}

StepSpec readStep(const Napi::Object &from, const std::string &what) {
  StepSpec step{text(from.Get("kind"), what + ".kind"),
                text(from.Get("title"), what + ".title"),
                readFields(from, what),
                {}};
  if (from.Has("parameters")) {
    each(from.Get("parameters"), what + ".parameters",
         [&](const Napi::Value &item, const std::string &place) {
           step.parameters.push_back(readFields(object(item, place), place));
         });
  }
  return step;
}

}  // namespace

PlanSpec readPlan(const Napi::Object &from) {
  PlanSpec plan;
  each(from.Get("tensors"), "tensors", [&](const Napi::Value &item, const std::string &place) {
    plan.tensors.push_back(readTensor(object(item, place), place));
  });
  each(from.Get("steps"), "steps", [&](const Napi::Value &item, const std::string &place) {
    plan.steps.push_back(readStep(object(item, place), place));
  });
  plan.slots = static_cast<int>(number(from.Get("slots"), "slots"));
  plan.fixedWeights = truth(from.Get("fixedWeights"), "fixedWeights");
  const auto ids = [&](const char *name, std::vector<int> &list) {
    each(from.Get(name), name, [&](const Napi::Value &item, const std::string &place) {
      list.push_back(static_cast<int>(number(item, place)));
    });
  };
  ids("inputs", plan.inputs);
  ids("outputs", plan.outputs);
  return plan;
}

}  // namespace atelier
