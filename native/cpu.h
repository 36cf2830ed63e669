// What oneDNN is and what it uses of this processor.
#pragma once

#include <cstdint>
#include <oneapi/dnnl/dnnl.hpp>
#include <string>

namespace atelier {

// The effective instruction sets are bit sets, each containing what it extends.
inline bool hasBf16() {
  constexpr auto needed = static_cast<unsigned>(dnnl::cpu_isa::avx512_core_bf16);
  return (static_cast<unsigned>(dnnl::get_effective_cpu_isa()) & needed) == needed;
}

// Channels in a block of the image layout that oneDNN's convolutions in f32 like best here: as many as a register
// holds; 0 where it has none.
inline int64_t channelBlock() {
  using dnnl::cpu_isa;
  const auto isa = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  const auto has = [isa](cpu_isa wanted) {
    const auto bits = static_cast<unsigned>(wanted);
    return (isa & bits) == bits;
  };
  return has(cpu_isa::avx512_core) ? 16 : has(cpu_isa::avx2) ? 8 : 0;
}

inline std::string isaName() {
  using dnnl::cpu_isa;
  const auto isa = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  const struct {
    cpu_isa isa;
    const char *name;
  } known[] = {
      {cpu_isa::avx512_core_amx, "AVX-512 with AMX"},
      {cpu_isa::avx512_core_bf16, "AVX-512 with bf16"},
      {cpu_isa::avx512_core_vnni, "AVX-512 with VNNI"},
      {cpu_isa::avx512_core, "AVX-512"},
      {cpu_isa::avx2, "AVX2"},
      {cpu_isa::avx, "AVX"},
      {cpu_isa::sse41, "SSE4.1"},
  };
  for (const auto &entry : known) {
    const auto bits = static_cast<unsigned>(entry.isa);
    if ((isa & bits) == bits) return entry.name;
  }
  return "generic";
}

inline std::string versionName() {
  const auto *v = dnnl::version();
  return std::to_string(v->major) + "." + std::to_string(v->minor) + "." + std::to_string(v->patch);
}

}  // namespace atelier
