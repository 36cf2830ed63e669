#include "worker.h"

#include <omp.h>

#include "affinity.h"

namespace atelier {

Worker::Worker(int threads) : thread_([this, threads] { loop(threads); }) {}

void Worker::post(std::function<void()> task) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (stopping()) return;
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
}

void Worker::stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
  tasks_.clear();
}

void Worker::loop(int threads) {
  omp_set_dynamic(0);
  omp_set_num_threads(threads);
  spreadThreads(threads);
  for (;;) {
    std::function<void()> task;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [this] { return stopping() || !tasks_.empty(); });
      if (stopping()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

}  // namespace atelier
