// Memory for tensors: zeroed, aligned to 64 bytes, large pieces to huge pages (fewer TLB misses).
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace atelier {

constexpr size_t roundUp(size_t value, size_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(size_t bytes) : bytes_(bytes) {
    if (bytes == 0) return;
    constexpr size_t hugePage = size_t{2} << 20;
    const size_t alignment = bytes >= hugePage ? hugePage : 64;
    const size_t whole = roundUp(bytes, alignment);
    data_ = std::aligned_alloc(alignment, whole);
    if (data_ == nullptr) throw std::bad_alloc();
#ifdef __linux__
    if (alignment == hugePage) madvise(data_, whole, MADV_HUGEPAGE);
#endif
    std::memset(data_, 0, whole);
  }
  Buffer(Buffer &&other) noexcept { swap(other); }
  Buffer &operator=(Buffer &&other) noexcept {
    swap(other);
    return *this;
  }
  ~Buffer() { std::free(data_); }

  void *data() const { return data_; }
  size_t bytes() const { return bytes_; }

 private:
  void swap(Buffer &other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
  }
  void *data_ = nullptr;
  size_t bytes_ = 0;
};

}  // namespace atelier
