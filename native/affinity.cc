#include "affinity.h"

#ifdef __linux__
#include <omp.h>
#include <sched.h>

#include <vector>

namespace atelier {

void spreadThreads(int threads) {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0 || CPU_COUNT(&allowed) != threads) return;
  std::vector<int> processors;
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
    if (CPU_ISSET(cpu, &allowed)) processors.push_back(cpu);
  }
#pragma omp parallel num_threads(threads)
  {
    cpu_set_t own;
    CPU_ZERO(&own);
    CPU_SET(processors[omp_get_thread_num()], &own);
    sched_setaffinity(0, sizeof(own), &own);
  }
}

}  // namespace atelier
#else
namespace atelier {

void spreadThreads(int) {}

}  // namespace atelier
#endif
