#include "context.hpp"

#include <cuda_runtime_api.h>

#include <condition_variable>
#include <mutex>

#include "error.hpp"

namespace incept::cuda::context {

// What all addons of the process share, each with a copy of this file: the linker keeps one of what
// is inline and visible in any of them (STB_GNU_UNIQUE). Its version is in its name.
namespace v2 {

constexpr int kMostDevices = 64;

// One GPU's.
struct Context {
  Generation generation = 0;
  bool lost = false;  // Also while the device is being reset.
  std::string why;
  bool resetting = false;
  int uses = 0;

  bool alive(Generation of) const { return of == generation && !lost; }
};

struct __attribute__((visibility("default"))) State {
  State() {
    for (int i = 0; i < kMostDevices; ++i) contexts[i].generation = kMostDevices + Generation(i);
  }
  std::mutex mutex;
  std::condition_variable changed;
  Context contexts[kMostDevices];
  int captures = 0, quiets = 0;
};

// Never destroyed: sessions may go after the statics.
__attribute__((visibility("default"))) inline State& state() {
  static State* const the = new State;
  return *the;
}

}  // namespace v2

namespace {

using v2::Context;
using v2::kMostDevices;
using v2::state;
using v2::State;
using Lock = std::unique_lock<std::mutex>;

// The GPU that this thread last chose: where it has crashed, CUDA does not tell any more.
thread_local int chosen = 0;

cudaError_t choose(int device) {
  chosen = device;
  return cudaSetDevice(device);
}

Failure lost(const std::string& why) {
  return {"cuda/lost",
          "The process's CUDA context is lost, and with it every session that used it; make "
          "a new session. It was lost while " +
              why};
}

// Leaves the state as it was found where the reset does not help: the next session tries again.
cudaError_t reset(int device) {
  (void)choose(device);  // It and the reset still report the error that is to be left behind.
  (void)cudaDeviceReset();
  (void)cudaGetLastError();
  const cudaError_t error = choose(device);
  return error == cudaSuccess ? cudaFree(nullptr) : error;  // Makes the context.
}

}  // namespace

int device_of(Generation generation) {
  return static_cast<int>(generation % kMostDevices);
}

Generation join(int device) {
  State& s = state();
  if (device < 0 || device >= kMostDevices)
    throw Failure("cuda/no-gpu", text("There is no GPU %d.", device));
  Context& c = s.contexts[device];
  Lock lock(s.mutex);
  s.changed.wait(lock, [&] { return !c.resetting; });
  if (!c.lost) return c.generation;
  c.resetting = true;
  // Those that are inside a call are on their way out: it fails as all calls do.
  s.changed.wait(lock, [&] { return c.uses == 0 && s.captures == 0 && s.quiets == 0; });
  lock.unlock();
  const cudaError_t error = reset(device);
  lock.lock();
  c.resetting = false;
  s.changed.notify_all();
  if (error != cudaSuccess)
    throw Failure("cuda/lost", "Resetting the device did not help (" + words_of(error) +
                                   "); a new process is needed. The context was lost while " +
                                   c.why);
  c.lost = false;
  return c.generation += kMostDevices;
}

Failure lose(const std::string& why) {
  State& s = state();
  Context& c = s.contexts[chosen];
  Lock lock(s.mutex);
  if (!c.lost) c.lost = true, c.why = why;
  return lost(c.why);
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

Use::Use(Generation generation) : device_(device_of(generation)) {
  State& s = state();
  Context& c = s.contexts[device_];
  {
    Lock lock(s.mutex);
    if (!c.alive(generation)) throw lost(c.why);
    ++c.uses;
  }
  const cudaError_t error = choose(device_);
  if (error == cudaSuccess) return;
  const Failure failure = failure_of(error, "choosing the device");
  end_use(device_);
  throw failure;
}

Use::~Use() {
  end_use(device_);
}

void Use::end_use(int device) noexcept {
  State& s = state();
  Lock lock(s.mutex);
  if (--s.contexts[device].uses == 0) s.changed.notify_all();
}

LastUse::LastUse(Generation generation) noexcept : device_(device_of(generation)) {
  State& s = state();
  Context& c = s.contexts[device_];
  Lock lock(s.mutex);
  alive_ = c.alive(generation);
  if (!alive_) return;
  ++c.uses;
  lock.unlock();
  (void)choose(device_);
}

LastUse::~LastUse() {
  if (alive_) Use::end_use(device_);
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
