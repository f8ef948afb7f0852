// A stack of its own that work can be left on half done.
#pragma once

#include <ucontext.h>

namespace incept::cuda::sim {

class Fiber {
 public:
  // `work(context)` runs when the fiber is resumed first, and again when it is resumed after having
  // returned; it must not throw.
  Fiber(void (*work)(void*), void* context);
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // Goes on with the fiber until it suspends or its work returns.
  void resume();
  // On the fiber: back to who resumed it.
  void suspend();
  // What is half done is dropped, without destructors; the next resume() begins anew.
  void reset();

 private:
  void loop();

  void (*const work_)(void*);
  void* const context_;
  void* stack_ = nullptr;
  ucontext_t here_, there_;
};

}  // namespace incept::cuda::sim
