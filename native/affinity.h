// Where the threads of a pool run.
#pragma once

namespace atelier {

// Binds each OpenMP thread of the calling thread's pool to a processor of its own, where there is exactly one
// for each; otherwise leaves them free. Threads that meet at barriers every few microseconds must not share a
// processor, and the kernel does not reliably part them when another process keeps one busy: unbound, both were
// seen on one processor for minutes, at a tenth of the speed.
void spreadThreads(int threads);

}  // namespace atelier
