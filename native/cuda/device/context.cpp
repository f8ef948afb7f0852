#include "context.hpp"

#include <cuda_runtime_api.h>

#include <condition_variable>
#include <mutex>

#include "error.hpp"

namespace incept::cuda::context {

// What all addons of the process share, each with a copy of this file: the linker keeps one of what
// is inline and visible in any of them (STB_GNU_UNIQUE). Its version is in its name.
namespace v1 {

struct __attribute__((visibility("default"))) State {
  std::mutex mutex;
  std::condition_variable changed;
  Generation generation = 1;
  bool lost = false;  // Also while the device is being reset.
  std::string why;
  bool resetting = false;
  int uses = 0, captures = 0, quiets = 0;

  bool alive(Generation of) const { return of == generation && !lost; }
};

// Never destroyed: instances may go after the statics.
__attribute__((visibility("default"))) inline State& state() {
  static State* const the = new State;
  return *the;
}

}  // namespace v1

namespace {

using v1::state;
using v1::State;
using Lock = std::unique_lock<std::mutex>;

Failure lost(const std::string& why) {
  return {"cuda/lost",
          "The process's CUDA context is lost, and with it every instance that used it; make "
          "a new instance. It was lost while " +
              why};
}

// Leaves the state as it was found where the reset does not help: the next instance tries again.
cudaError_t reset() {
  (void)cudaSetDevice(0);  // It and the reset still report the error that is to be left behind.
  (void)cudaDeviceReset();
  (void)cudaGetLastError();
  const cudaError_t error = cudaSetDevice(0);
  return error == cudaSuccess ? cudaFree(nullptr) : error;  // Makes the context.
}

}  // namespace

Generation join() {
  State& s = state();
  Lock lock(s.mutex);
  s.changed.wait(lock, [&] { return !s.resetting; });
  if (!s.lost) return s.generation;
  s.resetting = true;
  // Those that are inside a call are on their way out: it fails as all calls do.
  s.changed.wait(lock, [&] { return s.uses == 0 && s.captures == 0 && s.quiets == 0; });
  lock.unlock();
  const cudaError_t error = reset();
  lock.lock();
  s.resetting = false;
  s.changed.notify_all();
  if (error != cudaSuccess)
    throw Failure("cuda/lost", "Resetting the device did not help (" + words_of(error) +
                                   "); a new process is needed. The context was lost while " +
                                   s.why);
  s.lost = false;
  return ++s.generation;
}

Failure lose(const std::string& why) {
  State& s = state();
  Lock lock(s.mutex);
  if (!s.lost) s.lost = true, s.why = why;
  return lost(s.why);
}

bool sticky(cudaError_t error) {
  switch (error) {
    case cudaErrorIllegalAddress:
    case cudaErrorMisalignedAddress:
    case cudaErrorInvalidAddressSpace:
    case cudaErrorInvalidPc:
    case cudaErrorIllegalInstruction:
    case cudaErrorHardwareStackError:
    case cudaErrorAssert:
    case cudaErrorLaunchFailure:
    case cudaErrorLaunchTimeout:
    case cudaErrorECCUncorrectable:
    case cudaErrorNvlinkUncorrectable:
    case cudaErrorExternalDevice:
    case cudaErrorMpsClientTerminated:
#if CUDART_VERSION >= 13000
    case cudaErrorContained:
    case cudaErrorTensorMemoryLeak:
#endif
    // Another library of the process has reset the device.
    case cudaErrorContextIsDestroyed:
    case cudaErrorDeviceUninitialized:
    case cudaErrorIncompatibleDriverContext:
      return true;
    default:
      return false;
  }
}

Use::Use(Generation generation) {
  State& s = state();
  {
    Lock lock(s.mutex);
    if (!s.alive(generation)) throw lost(s.why);
    ++s.uses;
  }
  const cudaError_t error = cudaSetDevice(0);
  if (error == cudaSuccess) return;
  const Failure failure = failure_of(error, "choosing the device");
  end_use();
  throw failure;
}

Use::~Use() {
  end_use();
}

void Use::end_use() noexcept {
  State& s = state();
  Lock lock(s.mutex);
  if (--s.uses == 0) s.changed.notify_all();
}

LastUse::LastUse(Generation generation) noexcept {
  State& s = state();
  Lock lock(s.mutex);
  alive_ = s.alive(generation);
  if (!alive_) return;
  ++s.uses;
  lock.unlock();
  (void)cudaSetDevice(0);
}

LastUse::~LastUse() {
  if (alive_) Use::end_use();
}

Capture::Capture() {
  State& s = state();
  Lock lock(s.mutex);
  s.changed.wait(lock, [&] { return s.quiets == 0; });
  ++s.captures;
}

Capture::~Capture() {
  State& s = state();
  Lock lock(s.mutex);
  if (--s.captures == 0) s.changed.notify_all();
}

Quiet::Quiet() {
  State& s = state();
  Lock lock(s.mutex);
  s.changed.wait(lock, [&] { return s.captures == 0; });
  ++s.quiets;
}

Quiet::~Quiet() {
  State& s = state();
  Lock lock(s.mutex);
  if (--s.quiets == 0) s.changed.notify_all();
}

}  // namespace incept::cuda::context
