// Memory of a model or a session: allocated once, on cache lines, and touched so that no run pays
// for it.
#pragma once

#include <cstddef>
#include <cstring>
#include <new>

#if defined(__unix__) || defined(__APPLE__)
#include <sys/mman.h>
#define INCEPT_HAS_MMAP 1
#endif

namespace incept::cpu {

class Floats {
 public:
  Floats() = default;
  ~Floats() {
    if (data_) release();
  }
  Floats(const Floats&) = delete;
  Floats& operator=(const Floats&) = delete;

  // Room for `count` zeros; false where the system has none. Called once.
  bool allocate(std::size_t count) {
    bytes_ = (count > 0 ? count : 1) * sizeof(float);
    data_ = static_cast<float*>(reserve());
    if (data_) std::memset(data_, 0, bytes_);
    return data_ != nullptr;
  }

  float* data() { return data_; }
  const float* data() const { return data_; }

 private:
#ifdef INCEPT_HAS_MMAP
  // Straight from the system and back to it: malloc would keep what a disposed instance held, and
  // a server that loads and disposes of models would seem to leak.
  void* reserve() const {
    void* const place =
        mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return place == MAP_FAILED ? nullptr : place;
  }
  void release() { munmap(data_, bytes_); }
#else
  static constexpr std::align_val_t kAlignment{64};
  void* reserve() const { return ::operator new(bytes_, kAlignment, std::nothrow); }
  void release() { ::operator delete(data_, kAlignment); }
#endif

  float* data_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace incept::cpu
