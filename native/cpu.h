// What oneDNN is and what it uses of this processor.
#pragma once

#include <oneapi/dnnl/dnnl.hpp>
#include <string>

namespace atelier {

// The effective instruction sets are bit sets, each containing what it extends.
inline bool hasBf16() {
  constexpr auto needed = static_cast<unsigned>(dnnl::cpu_isa::avx512_core_bf16);
  return (static_cast<unsigned>(dnnl::get_effective_cpu_isa()) & needed) == needed;
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
