// What the C ABI made for one object of JavaScript's.
#pragma once

#include <mutex>
#include <utility>

#include "../abi/incept.h"

namespace incept::addon {

// Shared by that object and the jobs under way, so `dispose` during a call lets the call finish.
// The last owner to go joins the kernel threads.
template <class Native, void (*destroy)(Native*)>
class Exclusive {
 public:
  explicit Exclusive(Native* native) : native_(native) {}
  ~Exclusive() { destroy(native_); }
  Exclusive(const Exclusive&) = delete;
  Exclusive& operator=(const Exclusive&) = delete;

  // The ABI serves one call at a time.
  template <typename Call>
  incept_status exclusively(Call&& call) {
    std::lock_guard<std::mutex> lock(mutex_);
    return call(native_);
  }

 private:
  Native* native_;
  std::mutex mutex_;
};

}  // namespace incept::addon
