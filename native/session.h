// The bridge between JavaScript's thread and a context's: calls become tasks, their ends settle promises. Where
// the context has no thread of its own, a call does its work itself.
#pragma once

#include <napi.h>

#include <functional>
#include <string>
#include <vector>

#include "context.h"

namespace atelier {

class Session {
 public:
  Session(Napi::Env env, int threads);
  ~Session() { close(); }

  // Runs `work` on the context's thread, then resolves with `result()` on JavaScript's. `held` is kept from
  // the garbage collector until then. An exception in `work` rejects. Without a thread: the result itself.
  Napi::Value submit(Napi::Env env, std::function<void()> work, std::function<Napi::Value(Napi::Env)> result,
                     std::initializer_list<Napi::Value> held);

  Context context;

 private:
  struct Job {
    Napi::Promise::Deferred deferred;
    std::function<void()> work;
    std::function<Napi::Value(Napi::Env)> result;
    std::vector<Napi::Reference<Napi::Value>> held;
    bool failed = false;
    std::string error;
  };
  static void settle(Napi::Env env, Napi::Function, Session *session, Job *job);
  using Channel = Napi::TypedThreadSafeFunction<Session, Job, settle>;
  void close();
  // Called when the process or worker thread that loaded the addon ends, perhaps in the middle of a run.
  static void closeAtExit(void *session) { static_cast<Session *>(session)->close(); }

  Napi::Env env_;
  Channel channel_;
  int pending_ = 0;
  bool closed_ = false;
};

}  // namespace atelier
