// The addon's surface; src/engine/native/addon.ts types it.
#include <napi.h>

#include <memory>

#include "cpu.h"
#include "plan_reader.h"
#include "program.h"
#include "session.h"

namespace atelier {

namespace {

// The bytes of typed arrays, which must be as many as expected.
std::vector<void *> bytesOfArrays(const Napi::Value &value, const std::vector<size_t> &expected) {
  const auto arrays = value.As<Napi::Array>();
  if (!value.IsArray() || arrays.Length() != expected.size()) {
    throw std::invalid_argument("expected " + std::to_string(expected.size()) + " arrays");
  }
  std::vector<void *> data;
  for (uint32_t i = 0; i < arrays.Length(); i++) {
    const auto item = arrays.Get(i);
    if (!item.IsTypedArray()) throw std::invalid_argument("expected typed arrays");
    const auto array = item.As<Napi::TypedArray>();
    if (array.ByteLength() != expected[i]) {
      throw std::invalid_argument("expected " + std::to_string(expected[i]) + " bytes, received " +
                                  std::to_string(array.ByteLength()));
    }
    void *start = nullptr;
    napi_get_typedarray_info(item.Env(), item, nullptr, nullptr, &start, nullptr, nullptr);
    data.push_back(start);
  }
  return data;
}

// Errors that C++ throws on JavaScript's thread become JavaScript's.
template <class Body>
auto translated(Napi::Env env, const Body &body) {
  try {
    return body();
  } catch (const Napi::Error &) {
    throw;
  } catch (const std::exception &error) {
    throw Napi::Error::New(env, error.what());
  }
}

class ProgramObject : public Napi::ObjectWrap<ProgramObject> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "Program",
        {InstanceMethod<&ProgramObject::run>("run"), InstanceMethod<&ProgramObject::read>("read"),
         InstanceMethod<&ProgramObject::write>("write"), InstanceMethod<&ProgramObject::describe>("describe"),
         InstanceMethod<&ProgramObject::dispose>("dispose")});
  }
  explicit ProgramObject(const Napi::CallbackInfo &info) : Napi::ObjectWrap<ProgramObject>(info) {}

  static Napi::Value wrap(Napi::Env env, std::shared_ptr<Session> session, std::shared_ptr<Program> program);
  std::shared_ptr<Program> live() const {
    if (!program_) throw std::runtime_error("expected a program in use, received one that was disposed of");
    return program_;
  }

 private:
  // (iterations, inputs, outputs, profile): the seconds of each step and of all else, or undefined.
  Napi::Value run(const Napi::CallbackInfo &info) {
    const auto env = info.Env();
    return translated(env, [&]() -> Napi::Value {
      const auto program = live();
      const auto iterations = info[0].As<Napi::Number>().Int64Value();
      const auto sizes = [&](const std::vector<int> &ids) {
        std::vector<size_t> bytes;
        for (const int id : ids) bytes.push_back(program->tensor(id).bytes * iterations);
        return bytes;
      };
      const auto in = bytesOfArrays(info[1], sizes(program->plan().inputs));
      const auto out = bytesOfArrays(info[2], sizes(program->plan().outputs));
      const std::vector<const void *> inputs(in.begin(), in.end());
      std::vector<float *> outputs;
      for (void *data : out) outputs.push_back(static_cast<float *>(data));
      const bool profile = info[3].ToBoolean();
      auto seconds = std::make_shared<std::vector<double>>(profile ? program->steps().size() + 1 : 0, 0.0);
      return session_->submit(
          env, [=] { program->run(iterations, inputs, outputs, profile ? seconds->data() : nullptr); },
          [seconds](Napi::Env env) -> Napi::Value {
            if (seconds->empty()) return env.Undefined();
            auto result = Napi::Float64Array::New(env, seconds->size());
            for (size_t i = 0; i < seconds->size(); i++) result[i] = (*seconds)[i];
            return result;
          },
          {info.This(), info[1], info[2]});
    });
  }

  // (tensors, arrays)
  Napi::Value read(const Napi::CallbackInfo &info) {
    return move(info, [](Program &program, int id, float *values) { program.read(id, values); });
  }
  Napi::Value write(const Napi::CallbackInfo &info) {
    return move(info, [](Program &program, int id, float *values) { program.write(id, values); });
  }

  template <class Move>
  Napi::Value move(const Napi::CallbackInfo &info, const Move &moveOne) {
    const auto env = info.Env();
    return translated(env, [&]() -> Napi::Value {
      const auto program = live();
      const auto list = info[0].As<Napi::Array>();
      std::vector<int> ids;
      std::vector<size_t> bytes;
      for (uint32_t i = 0; i < list.Length(); i++) {
        const int id = list.Get(i).As<Napi::Number>().Int32Value();
        if (id < 0 || id >= static_cast<int>(program->plan().tensors.size())) {
          throw std::invalid_argument("expected a tensor of the plan, received " + std::to_string(id));
        }
        ids.push_back(id);
        bytes.push_back(program->tensor(id).size() * sizeof(float));
      }
      const auto arrays = bytesOfArrays(info[1], bytes);
      return session_->submit(
          env,
          [=] {
            for (size_t i = 0; i < ids.size(); i++)
              moveOne(*program, ids[i], static_cast<float *>(arrays[i]));
          },
          [](Napi::Env env) { return env.Undefined(); }, {info.This(), info[1]});
    });
  }

  Napi::Value describe(const Napi::CallbackInfo &info) {
    const auto env = info.Env();
    return translated(env, [&]() -> Napi::Value {
      const auto program = live();
      const auto steps = Napi::Array::New(env);
      for (const auto &step : program->steps()) steps.Set(steps.Length(), step.implementation);
      const auto bytes = program->bytes();
      const auto description = Napi::Object::New(env);
      description.Set("implementations", steps);
      description.Set("arenaBytes", static_cast<double>(bytes.arena));
      description.Set("persistentBytes", static_cast<double>(bytes.persistent));
      description.Set("copyBytes", static_cast<double>(bytes.copies));
      return description;
    });
  }

  void dispose(const Napi::CallbackInfo &) { program_.reset(); }

  std::shared_ptr<Session> session_;
  std::shared_ptr<Program> program_;
};

struct Constructors {
  Napi::FunctionReference program;
};

Napi::Value ProgramObject::wrap(Napi::Env env, std::shared_ptr<Session> session,
                                std::shared_ptr<Program> program) {
  const auto object = env.GetInstanceData<Constructors>()->program.New({});
  auto *self = ProgramObject::Unwrap(object);
  self->session_ = std::move(session);
  self->program_ = std::move(program);
  return object;
}

class ContextObject : public Napi::ObjectWrap<ContextObject> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "Context", {InstanceMethod<&ContextObject::compile>("compile")});
  }
  // (threads, 0 for JavaScript's own)
  explicit ContextObject(const Napi::CallbackInfo &info) : Napi::ObjectWrap<ContextObject>(info) {
    session_ = translated(info.Env(), [&] {
      const int threads = info[0].As<Napi::Number>().Int32Value();
      if (threads < 0) throw std::invalid_argument("threads: expected at least 0");
      return std::make_shared<Session>(info.Env(), threads);
    });
  }

 private:
  // (plan, program whose persistent tensors to share, or null)
  Napi::Value compile(const Napi::CallbackInfo &info) {
    const auto env = info.Env();
    return translated(env, [&]() -> Napi::Value {
      auto plan = std::make_shared<PlanSpec>(readPlan(info[0].As<Napi::Object>()));
      std::shared_ptr<Program> shared;
      if (info[1].IsObject()) shared = ProgramObject::Unwrap(info[1].As<Napi::Object>())->live();
      auto compiled = std::make_shared<std::shared_ptr<Program>>();
      return session_->submit(
          env,
          [session = session_.get(), plan, shared, compiled] {
            *compiled = std::make_shared<Program>(session->context, std::move(*plan), shared.get());
          },
          [session = session_, compiled](Napi::Env env) {
            return ProgramObject::wrap(env, session, std::move(*compiled));
          },
          {info.This()});
    });
  }

  std::shared_ptr<Session> session_;
};

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  auto *constructors = new Constructors{Napi::Persistent(ProgramObject::define(env))};
  env.SetInstanceData(constructors);
  exports.Set("Context", ContextObject::define(env));
  exports.Set("onednn", versionName());
  exports.Set("isa", isaName());
  exports.Set("bf16", hasBf16());
  return exports;
}

}  // namespace

NODE_API_MODULE(atelier, initialize)

}  // namespace atelier
