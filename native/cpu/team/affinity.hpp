// Keeps a thread that is woken off the core of the thread that wakes it. Left to itself the system
// often puts it there, most of all in virtual machines, and the two then take turns: what two
// threads share takes longer than one alone.
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__linux__)
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace incept::cpu {

#if defined(__linux__)

// One thread's choice of cores, narrowed while it is woken. Where the system does not let us, the
// thread is woken where the system likes.
class Affinity {
 public:
  // Of the calling thread.
  Affinity() : thread_(static_cast<pid_t>(syscall(SYS_gettid))) {}

  // By the thread that is about to wake it, which stays off its own core if there is another one.
  void avoid_here() {
    const int here = sched_getcpu();
    if (here < 0 || sched_getaffinity(thread_, sizeof allowed_, &allowed_) != 0) return;
    cpu_set_t others = allowed_;
    CPU_CLR(here, &others);
    if (CPU_COUNT(&others) == 0 || CPU_EQUAL(&others, &allowed_)) return;
    narrowed_ = sched_setaffinity(thread_, sizeof others, &others) == 0;
  }

  // By the thread itself, once awake: it may go wherever it might before.
  void restore() {
    if (!narrowed_) return;
    sched_setaffinity(thread_, sizeof allowed_, &allowed_);
    narrowed_ = false;
  }

 private:
  const pid_t thread_;
  cpu_set_t allowed_;
  bool narrowed_ = false;
};

#else

class Affinity {
 public:
  void avoid_here() {}
  void restore() {}
};

#endif

}  // namespace incept::cpu
