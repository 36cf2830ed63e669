#include "session.h"

#include <omp.h>

namespace atelier {

namespace {

// One OpenMP thread while it lives: the count belongs to the calling thread, which is not the engine's own.
class OneThread {
 public:
  OneThread() : before_(omp_get_max_threads()) { omp_set_num_threads(1); }
  ~OneThread() { omp_set_num_threads(before_); }

 private:
  const int before_;
};

}  // namespace

Session::Session(Napi::Env env, int threads) : context(threads), env_(env), closed_(threads == 0) {
  if (closed_) return;
  channel_ = Channel::New(env, "atelier", 0, 1, this);
  // An idle engine does not keep the process alive: the channel is referenced only while a promise is open.
  channel_.Unref(env);
  napi_add_env_cleanup_hook(env, closeAtExit, this);
}

void Session::close() {
  if (closed_) return;
  closed_ = true;
  napi_remove_env_cleanup_hook(env_, closeAtExit, this);
  context.worker->stop();
  channel_.Abort();
}

Napi::Value Session::submit(Napi::Env env, std::function<void()> work,
                            std::function<Napi::Value(Napi::Env)> result,
                            std::initializer_list<Napi::Value> held) {
  if (!context.worker) {
    const OneThread alone;
    work();
    return result(env);
  }
  // Not freed if the process ends before the work does.
  auto *job = new Job{Napi::Promise::Deferred::New(env), std::move(work), std::move(result), {}, false, {}};
  for (const auto &value : held) job->held.push_back(Napi::Persistent(value));
  if (pending_++ == 0) channel_.Ref(env);
  context.worker->post([this, job] {
    try {
      job->work();
    } catch (const std::exception &error) {
      job->failed = true;
      job->error = error.what();
    }
    job->work = nullptr;
    channel_.NonBlockingCall(job);
  });
  return job->deferred.Promise();
}

void Session::settle(Napi::Env env, Napi::Function, Session *session, Job *job) {
  if (env == nullptr) return;
  const Napi::HandleScope scope(env);
  if (--session->pending_ == 0) session->channel_.Unref(env);
  if (job->failed) {
    job->deferred.Reject(Napi::Error::New(env, job->error).Value());
  } else {
    job->deferred.Resolve(job->result(env));
  }
  delete job;
}

}  // namespace atelier
