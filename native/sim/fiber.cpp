#include "fiber.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <new>

namespace incept::cuda::sim {
namespace {

// Room for the message of a violation and its unwinding; what is not used costs no memory.
constexpr std::size_t kStack = 256 << 10, kGuard = 16 << 10;

}  // namespace

Fiber::Fiber(void (*work)(void*), void* context) : work_(work), context_(context) {
  stack_ = mmap(nullptr, kStack + kGuard, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (stack_ == MAP_FAILED) throw std::bad_alloc();
  mprotect(stack_, kGuard, PROT_NONE);
  reset();
}

Fiber::~Fiber() {
  munmap(stack_, kStack + kGuard);
}

void Fiber::reset() {
  getcontext(&here_);
  here_.uc_stack.ss_sp = static_cast<char*>(stack_) + kGuard;
  here_.uc_stack.ss_size = kStack;
  here_.uc_link = nullptr;
  // makecontext passes ints: the pointer travels in halves.
  const auto self = reinterpret_cast<std::uintptr_t>(this);
  const auto entry = +[](unsigned high, unsigned low) {
    reinterpret_cast<Fiber*>(std::uintptr_t{high} << 32 | low)->loop();
  };
  makecontext(&here_, reinterpret_cast<void (*)()>(entry), 2, static_cast<unsigned>(self >> 32),
              static_cast<unsigned>(self));
}

void Fiber::loop() {
  for (;;) {
    work_(context_);
    suspend();
  }
}

void Fiber::resume() {
  swapcontext(&there_, &here_);
}

void Fiber::suspend() {
  swapcontext(&here_, &there_);
}

}  // namespace incept::cuda::sim
