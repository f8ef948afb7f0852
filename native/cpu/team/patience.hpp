// Waiting awake: how a thread looks again and again without taking more than it must.
#pragma once

#include <chrono>
#include <thread>

#if defined(_M_X64)
#include <intrin.h>
#endif

namespace incept::cpu {

// A moment in which the processor leaves its units to others.
inline void pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();  // _mm_pause's header takes a compiler most of a second.
#elif defined(_M_X64)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("isb" ::: "memory");
#endif
}

// Whether `arrived()` became true within so many microseconds of looking.
template <class Arrived>
bool within(int microseconds, Arrived&& arrived) {
  if (arrived()) return true;
  if (microseconds <= 0) return false;
  const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(microseconds);
  do {
    for (int i = 0; i < 16; ++i) {
      if (arrived()) return true;
      pause();
    }
  } while (std::chrono::steady_clock::now() < end);
  return false;
}

// Returns once `arrived()`, which other threads of the same run bring about. Where that takes
// longer than so many microseconds, one of them has lost its core: it may have ours, for naps. A
// nap ends by a timer on the core that it began on; a thread that another one wakes is often put on
// that one's.
template <class Arrived>
void until(int microseconds, Arrived&& arrived) {
  if (within(microseconds, arrived)) return;
  while (!arrived()) std::this_thread::sleep_for(std::chrono::microseconds(20));
}

}  // namespace incept::cpu
