// Memory of an instance: allocated once, on cache lines, and touched so that no run pays for it.
#pragma once

#include <cstddef>
#include <cstring>
#include <new>

namespace incept {

class Floats {
 public:
  Floats() = default;
  ~Floats() { ::operator delete(data_, kAlignment); }
  Floats(const Floats&) = delete;
  Floats& operator=(const Floats&) = delete;

  // Room for `count` zeros; false where the system has none. Called once.
  bool allocate(std::size_t count) {
    const std::size_t bytes = (count > 0 ? count : 1) * sizeof(float);
    data_ = static_cast<float*>(::operator new(bytes, kAlignment, std::nothrow));
    if (data_) std::memset(data_, 0, bytes);
    return data_ != nullptr;
  }

  float* data() { return data_; }

 private:
  static constexpr std::align_val_t kAlignment{64};
  float* data_ = nullptr;
};

}  // namespace incept
