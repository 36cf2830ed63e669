// One thread of its own that does all of an engine's work in order. oneDNN's OpenMP pool and thread count
// belong to the calling thread, so every primitive is created and run here.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace atelier {

class Worker {
 public:
  explicit Worker(int threads);
  ~Worker() { stop(); }
  void post(std::function<void()> task);
  // Abandons what waits, lets the current task notice `stopping()`, and joins.
  void stop();
  bool stopping() const { return stopping_.load(std::memory_order_relaxed); }

 private:
  void loop(int threads);
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace atelier
