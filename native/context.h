// What an engine's programs share: the worker thread (or none), oneDNN's engine and stream, and the memory of
// temporaries, which need not survive a run because runs follow one another.
#pragma once

#include <cstdint>
#include <memory>

#include "buffer.h"
#include "onednn.h"
#include "worker.h"

namespace atelier {

class Context {
 public:
  // Without threads, all work is done on the caller's own thread, alone.
  explicit Context(int threads) : threads(threads), engine(dnnl::engine::kind::cpu, 0), stream(engine) {
    if (threads > 0) worker = std::make_unique<Worker>(threads);
  }

  // The arena with at least so many bytes; it may move, and its contents are lost when it grows.
  char *arena(size_t bytes) {
    if (bytes > arena_.bytes()) {
      lastRun = 0;
      arena_ = Buffer();
      arena_ = Buffer(bytes);
    }
    return static_cast<char *>(arena_.data());
  }
  bool stopping() const { return worker && worker->stopping(); }
  size_t arenaBytes() const { return arena_.bytes(); }

  const int threads;
  const dnnl::engine engine;
  dnnl::stream stream;
  // The number of the program whose temporaries the arena holds; 0: none.
  uint64_t lastRun = 0;

 private:
  Buffer arena_;

 public:
  // Last, so that it stops before anything that its tasks use is gone.
  std::unique_ptr<Worker> worker;
};

}  // namespace atelier
