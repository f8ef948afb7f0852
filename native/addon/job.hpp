// Calls of the C ABI: their failures, and those that run on another thread.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "../abi/incept.h"
#include "napi.hpp"

namespace incept::addon {

// What an ABI call left behind. The message is the calling thread's, so it is read at once, on the
// thread that made the call.
struct Failure {
  std::string code;
  std::string message;

  static Failure last() { return {incept_last_error_code(), incept_last_error()}; }

  Napi::Error toError(Napi::Env env) const {
    Napi::Error error = Napi::Error::New(env, message);
    error.Value().Set("code", Napi::String::New(env, code));
    return error;
  }
};

// One ABI call on a thread of libuv's pool, and the promise of its end.
class Job : public Napi::AsyncWorker {
 public:
  using Call = std::function<incept_status()>;
  using Done = std::function<Napi::Value(Napi::Env)>;

  // `kept` are the objects that `call` reads or writes: not collected before it ends. `done` is
  // called on JavaScript's thread if the call succeeded, and gives what the promise becomes.
  static Napi::Value start(
      Napi::Env env, Call call, const std::vector<Napi::Object>& kept,
      Done done = [](Napi::Env own) { return own.Undefined(); }) {
    Job* job = new Job(env, std::move(call), std::move(done));
    for (const Napi::Object& object : kept) job->kept_.push_back(Napi::Persistent(object));
    const Napi::Promise promise = job->deferred_.Promise();
    job->Queue();
    return promise;
  }

 private:
  Job(Napi::Env env, Call call, Done done)
      : AsyncWorker(env, "incept"),
        deferred_(Napi::Promise::Deferred::New(env)),
        call_(std::move(call)),
        done_(std::move(done)) {}

  void Execute() override {
    if (call_() == INCEPT_OK) return;
    failure_ = Failure::last();
    SetError(failure_.message);
  }
  void OnOK() override { deferred_.Resolve(done_(Env())); }
  void OnError(const Napi::Error&) override { deferred_.Reject(failure_.toError(Env()).Value()); }

  Napi::Promise::Deferred deferred_;
  Call call_;
  Done done_;
  std::vector<Napi::ObjectReference> kept_;
  Failure failure_;
};

// Tells the garbage collector what a small JavaScript object holds on to.
inline void hold(Napi::BasicEnv env, uint64_t bytes) {
  Napi::MemoryManagement::AdjustExternalMemory(env, static_cast<int64_t>(bytes));
}
inline void release(Napi::BasicEnv env, uint64_t bytes) {
  Napi::MemoryManagement::AdjustExternalMemory(env, -static_cast<int64_t>(bytes));
}

}  // namespace incept::addon
