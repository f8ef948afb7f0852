// The Node-API layer of a compiled network: `describe()` and `class Instance` over the C ABI, and
// `preparePicture()` over native/picture. It is context-aware: every worker_thread that loads it
// has its own `Instance` class, and what is shared between them is the network's constant
// description.
//
// src/runtime/ is its only caller and checks user input first; the checks here only make sure that
// a mistake there is a JavaScript error and not a crash.

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "../abi/incept.h"
#include "napi.hpp"
#include "picture.hpp"

namespace {

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

// One native instance. Shared by its JavaScript object and the jobs under way, so `dispose` during
// a run lets the run finish. The last owner to go joins the kernel threads.
class Network {
 public:
  explicit Network(incept_instance* instance) : instance_(instance) {}
  ~Network() { incept_destroy(instance_); }
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  // The ABI serves one call at a time. The TypeScript side queues asynchronous runs, so only a
  // `runSync` beside one ever waits here.
  template <typename Call>
  incept_status exclusively(Call&& call) {
    std::lock_guard<std::mutex> lock(mutex_);
    return call(instance_);
  }

 private:
  incept_instance* instance_;
  std::mutex mutex_;
};

std::vector<Napi::Float32Array> floatArrays(const Napi::Value& value, const char* what,
                                            size_t expected) {
  if (!value.IsArray()) {
    throw Napi::TypeError::New(value.Env(), std::string(what) + " must be an array.");
  }
  const Napi::Array array = value.As<Napi::Array>();
  if (array.Length() != expected) {
    throw Napi::RangeError::New(value.Env(), std::string(what) + " has the wrong length.");
  }
  std::vector<Napi::Float32Array> result;
  for (uint32_t i = 0; i < array.Length(); ++i) {
    const Napi::Value item = array.Get(i);
    if (!item.IsTypedArray() ||
        item.As<Napi::TypedArray>().TypedArrayType() != napi_float32_array) {
      throw Napi::TypeError::New(value.Env(), std::string(what) + " must hold Float32Arrays.");
    }
    result.push_back(item.As<Napi::Float32Array>());
  }
  return result;
}

void requireElements(const std::vector<Napi::Float32Array>& arrays, const incept_port* ports,
                     int64_t batch) {
  for (size_t i = 0; i < arrays.size(); ++i) {
    if (static_cast<int64_t>(arrays[i].ElementLength()) != batch * ports[i].count) {
      throw Napi::RangeError::New(arrays[i].Env(),
                                  std::string(ports[i].name) + " has the wrong number of values.");
    }
  }
}

// The arguments of `run(batch, inputs, outputs)`, checked. Pointers are valid as long as nobody
// detaches the arrays.
struct RunArguments {
  int64_t batch;
  std::vector<Napi::Float32Array> inputs;
  std::vector<Napi::Float32Array> outputs;

  explicit RunArguments(const Napi::CallbackInfo& info) {
    const incept_info* network = incept_describe();
    batch = info[0].ToNumber().Int64Value();
    if (batch < 1 || batch > network->max_batch) {
      throw Napi::RangeError::New(info.Env(), "The batch must be between 1 and maxBatch.");
    }
    inputs = floatArrays(info[1], "inputs", network->input_count);
    outputs = floatArrays(info[2], "outputs", network->output_count);
    requireElements(inputs, network->inputs, batch);
    requireElements(outputs, network->outputs, batch);
  }

  std::vector<const float*> inputPointers() {
    std::vector<const float*> pointers;
    for (Napi::Float32Array& array : inputs) pointers.push_back(array.Data());
    return pointers;
  }

  std::vector<float*> outputPointers() {
    std::vector<float*> pointers;
    for (Napi::Float32Array& array : outputs) pointers.push_back(array.Data());
    return pointers;
  }
};

// One ABI call on a thread of libuv's pool, and the promise of its end.
class Job : public Napi::AsyncWorker {
 public:
  using Call = std::function<incept_status(incept_instance*)>;

  // `pinned` are the arrays that `call` reads or writes: not collected before it ends.
  static Napi::Value start(Napi::Env env, std::shared_ptr<Network> network, Call call,
                           const std::vector<Napi::Float32Array>& pinned) {
    Job* job = new Job(env, std::move(network), std::move(call));
    for (const Napi::Float32Array& array : pinned) {
      job->pinned_.push_back(Napi::Persistent(array.As<Napi::Object>()));
    }
    const Napi::Promise promise = job->deferred_.Promise();
    job->Queue();
    return promise;
  }

 private:
  Job(Napi::Env env, std::shared_ptr<Network> network, Call call)
      : AsyncWorker(env, "incept"),
        deferred_(Napi::Promise::Deferred::New(env)),
        network_(std::move(network)),
        call_(std::move(call)) {}

  void Execute() override {
    if (network_->exclusively(call_) == INCEPT_OK) return;
    failure_ = Failure::last();
    SetError(failure_.message);
  }
  void OnOK() override { deferred_.Resolve(Env().Undefined()); }
  void OnError(const Napi::Error&) override { deferred_.Reject(failure_.toError(Env()).Value()); }

  Napi::Promise::Deferred deferred_;
  std::shared_ptr<Network> network_;
  Call call_;
  std::vector<Napi::ObjectReference> pinned_;
  Failure failure_;
};

class Instance : public Napi::ObjectWrap<Instance> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "Instance",
        {InstanceMethod("load", &Instance::load), InstanceMethod("run", &Instance::run),
         InstanceMethod("runSync", &Instance::runSync), InstanceMethod("report", &Instance::report),
         InstanceMethod("dispose", &Instance::dispose)});
  }

  // new Instance(threads): 0 takes the physical cores.
  explicit Instance(const Napi::CallbackInfo& info) : ObjectWrap(info) {
    incept_instance* instance = nullptr;
    if (incept_create(info[0].ToNumber().Int32Value(), &instance) != INCEPT_OK) {
      throw Failure::last().toError(info.Env());
    }
    network_ = std::make_shared<Network>(instance);
    adjustExternalMemory(info.Env(), +1);
  }

  void Finalize(Napi::BasicEnv env) override {
    if (network_) adjustExternalMemory(env, -1);
  }

 private:
  // load(names, arrays): Promise<void>. The caller leaves the arrays alone until then.
  Napi::Value load(const Napi::CallbackInfo& info) {
    if (!info[0].IsArray()) throw Napi::TypeError::New(info.Env(), "names must be an array.");
    const Napi::Array list = info[0].As<Napi::Array>();
    const std::vector<Napi::Float32Array> arrays = floatArrays(info[1], "arrays", list.Length());
    const auto names = std::make_shared<std::vector<std::string>>();
    for (uint32_t i = 0; i < list.Length(); ++i) names->push_back(list.Get(i).ToString());
    std::vector<incept_tensor> tensors;
    for (size_t i = 0; i < arrays.size(); ++i) {
      Napi::Float32Array array = arrays[i];
      tensors.push_back(
          {(*names)[i].c_str(), array.Data(), static_cast<int64_t>(array.ElementLength())});
    }
    return Job::start(
        info.Env(), alive(info.Env()),
        [names, tensors](incept_instance* instance) {
          return incept_load_weights(instance, tensors.data(), tensors.size());
        },
        arrays);
  }

  // run(batch, inputs, outputs): Promise<void>. The runtime has copied what its user handed over:
  // nobody else knows these arrays until the promise resolves, so their memory is used in place.
  Napi::Value run(const Napi::CallbackInfo& info) {
    RunArguments arguments(info);
    std::vector<Napi::Float32Array> pinned = arguments.inputs;
    pinned.insert(pinned.end(), arguments.outputs.begin(), arguments.outputs.end());
    return Job::start(
        info.Env(), alive(info.Env()),
        [batch = arguments.batch, inputs = arguments.inputPointers(),
         outputs = arguments.outputPointers()](incept_instance* instance) {
          return incept_run(instance, batch, inputs.data(), outputs.data());
        },
        pinned);
  }

  Napi::Value runSync(const Napi::CallbackInfo& info) {
    RunArguments arguments(info);
    const std::vector<const float*> inputs = arguments.inputPointers();
    const std::vector<float*> outputs = arguments.outputPointers();
    const incept_status status = alive(info.Env())->exclusively([&](incept_instance* instance) {
      return incept_run(instance, arguments.batch, inputs.data(), outputs.data());
    });
    if (status != INCEPT_OK) throw Failure::last().toError(info.Env());
    return info.Env().Undefined();
  }

  // What a vendor's library computes, and how; see incept_report.
  Napi::Value report(const Napi::CallbackInfo& info) {
    std::string text;
    alive(info.Env())->exclusively([&](incept_instance* instance) {
      text = incept_report(instance);
      return INCEPT_OK;
    });
    return Napi::String::New(info.Env(), text);
  }

  // A second call does nothing. Frees at once, or when the job under way ends.
  Napi::Value dispose(const Napi::CallbackInfo& info) {
    if (network_) adjustExternalMemory(info.Env(), -1);
    network_.reset();
    return info.Env().Undefined();
  }

  std::shared_ptr<Network> alive(Napi::Env env) const {
    if (!network_) throw Napi::Error::New(env, "The instance is disposed.");
    return network_;
  }

  // Tells the garbage collector what a small JavaScript object holds on to.
  static void adjustExternalMemory(Napi::BasicEnv env, int sign) {
    const incept_info* network = incept_describe();
    const auto bytes = static_cast<int64_t>(network->arena_bytes + network->weight_bytes);
    Napi::MemoryManagement::AdjustExternalMemory(env, sign * bytes);
  }

  std::shared_ptr<Network> network_;
};

Napi::Array describePorts(Napi::Env env, const incept_port* ports, size_t count) {
  Napi::Array result = Napi::Array::New(env, count);
  for (size_t i = 0; i < count; ++i) {
    Napi::Array shape = Napi::Array::New(env, ports[i].rank);
    for (int32_t d = 0; d < ports[i].rank; ++d) {
      shape.Set(static_cast<uint32_t>(d), static_cast<double>(ports[i].shape[d]));
    }
    Napi::Object port = Napi::Object::New(env);
    port.Set("name", ports[i].name);
    port.Set("shape", shape);
    result.Set(static_cast<uint32_t>(i), port);
  }
  return result;
}

Napi::Value describe(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const incept_info* network = incept_describe();
  Napi::Object result = Napi::Object::New(env);
  result.Set("abiVersion", network->abi_version);
  result.Set("model", network->model);
  result.Set("target", network->target);
  result.Set("maxBatch", static_cast<double>(network->max_batch));
  result.Set("inputs", describePorts(env, network->inputs, network->input_count));
  result.Set("outputs", describePorts(env, network->outputs, network->output_count));
  result.Set("parameters", describePorts(env, network->parameters, network->parameter_count));
  result.Set("arenaBytes", static_cast<double>(network->arena_bytes));
  result.Set("weightBytes", static_cast<double>(network->weight_bytes));
  return result;
}

// verify(batch): how many layers were described to the vendor's libraries; see incept_verify.
Napi::Value verify(const Napi::CallbackInfo& info) {
  size_t count = 0;
  if (incept_verify(info[0].ToNumber().Int64Value(), &count) != INCEPT_OK) {
    throw Failure::last().toError(info.Env());
  }
  return Napi::Number::New(info.Env(), static_cast<double>(count));
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  exports.Set("describe", Napi::Function::New(env, describe, "describe"));
  exports.Set("verify", Napi::Function::New(env, verify, "verify"));
  exports.Set("preparePicture",
              Napi::Function::New(env, incept::addon::preparePicture, "preparePicture"));
  exports.Set("Instance", Instance::define(env));
  return exports;
}

}  // namespace

NODE_API_MODULE(incept, initialize)
