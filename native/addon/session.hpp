// `class Session`.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "../abi/incept.h"
#include "arrays.hpp"
#include "exclusive.hpp"
#include "job.hpp"
#include "model.hpp"
#include "napi.hpp"

namespace incept::addon {

// One native session. The TypeScript side queues asynchronous runs, so only a `runSync` beside one
// ever waits for another.
using Running = Exclusive<incept_session, incept_session_destroy>;

// The arguments of `run(batch, inputs, outputs)`, checked. Pointers are valid as long as nobody
// detaches the arrays.
struct RunArguments {
  int64_t batch;
  std::vector<Napi::TypedArray> inputs;
  std::vector<Napi::TypedArray> outputs;

  explicit RunArguments(const Napi::CallbackInfo& info) {
    const incept_info* network = incept_describe();
    batch = info[0].ToNumber().Int64Value();
    if (batch < 1 || batch > network->max_batch) {
      throw Napi::RangeError::New(info.Env(), "The batch must be between 1 and maxBatch.");
    }
    inputs = batchArrays(info[1], "inputs", network->inputs, network->input_count, batch);
    outputs = batchArrays(info[2], "outputs", network->outputs, network->output_count, batch);
  }

  std::vector<const void*> inputPointers() const {
    std::vector<const void*> pointers;
    for (const Napi::TypedArray& array : inputs) pointers.push_back(dataOf(array));
    return pointers;
  }

  std::vector<void*> outputPointers() const {
    std::vector<void*> pointers;
    for (const Napi::TypedArray& array : outputs) pointers.push_back(dataOf(array));
    return pointers;
  }
};

// `{ threads, device, spin? }`
inline incept_session_options readOptions(const Napi::Value& value) {
  const Napi::Object object = value.ToObject();
  incept_session_options options = INCEPT_SESSION_OPTIONS;
  options.threads = object.Get("threads").ToNumber().Int32Value();
  options.device = object.Get("device").ToNumber().Int32Value();
  const Napi::Value spin = object.Get("spin");
  if (spin.IsNumber()) options.spin = spin.As<Napi::Number>().Int32Value();
  return options;
}

class Session : public Napi::ObjectWrap<Session> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "Session",
        {InstanceMethod("open", &Session::open), InstanceMethod("run", &Session::run),
         InstanceMethod("runSync", &Session::runSync), InstanceMethod("report", &Session::report),
         InstanceAccessor<&Session::arenaBytes>("arenaBytes"),
         InstanceMethod("dispose", &Session::dispose)});
  }

  explicit Session(const Napi::CallbackInfo& info) : ObjectWrap(info) {}

  void Finalize(Napi::BasicEnv env) override { drop(env); }

 private:
  // open(model, options): Promise<void>, once. A GPU's context takes a second to open.
  Napi::Value open(const Napi::CallbackInfo& info) {
    const Weights weights = Model::Unwrap(info[0].As<Napi::Object>())->weights();
    if (!weights) throw Napi::Error::New(info.Env(), "The model has no weights.");
    const auto made = std::make_shared<std::shared_ptr<Running>>();
    const auto call = [weights, made, options = readOptions(info[1])] {
      incept_session* session = nullptr;
      const incept_status status = incept_session_create(weights.get(), &options, &session);
      if (status == INCEPT_OK) *made = std::make_shared<Running>(session);
      return status;
    };
    return Job::start(info.Env(), call, {Value()}, [this, made](Napi::Env env) {
      drop(env);
      running_ = *made;
      running_->exclusively([this](incept_session* session) {
        arena_bytes_ = incept_session_arena_bytes(session);
        return INCEPT_OK;
      });
      hold(env, arena_bytes_);
      return env.Undefined();
    });
  }

  // run(batch, inputs, outputs): Promise<void>. The runtime has copied what its user handed over:
  // nobody else knows these arrays until the promise resolves, so their memory is used in place.
  Napi::Value run(const Napi::CallbackInfo& info) {
    RunArguments arguments(info);
    std::vector<Napi::Object> kept;
    for (const auto* arrays : {&arguments.inputs, &arguments.outputs})
      for (const Napi::TypedArray& array : *arrays) kept.push_back(array.As<Napi::Object>());
    return Job::start(
        info.Env(),
        [running = alive(info.Env()), batch = arguments.batch, inputs = arguments.inputPointers(),
         outputs = arguments.outputPointers()] {
          return running->exclusively([&](incept_session* session) {
            return incept_run(session, batch, inputs.data(), outputs.data());
          });
        },
        kept);
  }

  Napi::Value runSync(const Napi::CallbackInfo& info) {
    RunArguments arguments(info);
    const std::vector<const void*> inputs = arguments.inputPointers();
    const std::vector<void*> outputs = arguments.outputPointers();
    const incept_status status = alive(info.Env())->exclusively([&](incept_session* session) {
      return incept_run(session, arguments.batch, inputs.data(), outputs.data());
    });
    if (status != INCEPT_OK) throw Failure::last().toError(info.Env());
    return info.Env().Undefined();
  }

  // What a vendor's library computes, and how; see incept_report.
  Napi::Value report(const Napi::CallbackInfo& info) {
    std::string text;
    alive(info.Env())->exclusively([&](incept_session* session) {
      text = incept_report(session);
      return INCEPT_OK;
    });
    return Napi::String::New(info.Env(), text);
  }

  // 0 until it is open.
  Napi::Value arenaBytes(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), static_cast<double>(arena_bytes_));
  }

  // A second call does nothing. Frees at once, or when the job under way ends.
  Napi::Value dispose(const Napi::CallbackInfo& info) {
    drop(info.Env());
    return info.Env().Undefined();
  }

  void drop(Napi::BasicEnv env) {
    if (running_) release(env, arena_bytes_);
    running_.reset();
  }

  std::shared_ptr<Running> alive(Napi::Env env) const {
    if (!running_) throw Napi::Error::New(env, "The session is not open.");
    return running_;
  }

  std::shared_ptr<Running> running_;
  uint64_t arena_bytes_ = 0;
};

}  // namespace incept::addon
