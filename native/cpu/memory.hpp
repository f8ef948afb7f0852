// Memory of a model or a session: allocated once, on cache lines, and touched so that no run pays
// for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

#if defined(__unix__) || defined(__APPLE__)
#include <sys/mman.h>
#define INCEPT_HAS_MMAP 1
#endif

namespace incept::cpu {

// Room for floats.
class Memory {
 public:
  Memory() = default;
  ~Memory() {
    if (data_) release();
  }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  // Room for `count` zeros; false where the system has none. Called once. Who fills it at once, on
  // several threads, has them touch it.
  bool allocate(std::size_t count, bool touch = true) {
    bytes_ = (count > 0 ? count : 1) * sizeof(float);
    data_ = static_cast<float*>(reserve());
    if (data_ && (touch || !kZeros)) std::memset(data_, 0, bytes_);
    return data_ != nullptr;
  }

  float* data() { return data_; }
  const float* data() const { return data_; }

 private:
#ifdef INCEPT_HAS_MMAP
  // Straight from the system and back to it: malloc would keep what a disposed instance held, and
  // a server that loads and disposes of models would seem to leak.
  //
  // Large ones begin where a large page may, and ask for such: weights are read once a run, and
  // with small pages their addresses would be looked up more slowly than they are multiplied.
  void* reserve() {
    const std::size_t around = bytes_ < kLargePage ? 0 : kLargePage;
    mapped_ = bytes_ + around;
    place_ = mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place_ == MAP_FAILED) return nullptr;
    if (around == 0) return place_;
    const auto first = (reinterpret_cast<std::uintptr_t>(place_) + around - 1) / around * around;
    void* const aligned = reinterpret_cast<void*>(first);
#ifdef MADV_HUGEPAGE
    madvise(aligned, bytes_, MADV_HUGEPAGE);  // Where the system has none it stays as it is.
#endif
    return aligned;
  }
  void release() { munmap(place_, mapped_); }

  static constexpr bool kZeros = true;  // What the system hands out.
  static constexpr std::size_t kLargePage = std::size_t(2) << 20;
  void* place_ = nullptr;
  std::size_t mapped_ = 0;
#else
  static constexpr bool kZeros = false;
  static constexpr std::align_val_t kAlignment{64};
  void* reserve() const { return ::operator new(bytes_, kAlignment, std::nothrow); }
  void release() { ::operator delete(data_, kAlignment); }
#endif

  float* data_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace incept::cpu
