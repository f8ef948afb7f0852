// The Node-API layer of a compiled network: `describe()`, `class Model` and `class Session` over
// the C ABI, and `preparePicture()` over native/picture. It is context-aware: every worker_thread
// that loads it has classes of its own, and what is shared between them is the network's constant
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

// The weights. Sessions that are made of them keep what they need alive by themselves.
using Weights = std::shared_ptr<incept_model>;

// One native session. Shared by its JavaScript object and the jobs under way, so `dispose` during
// a run lets the run finish. The last owner to go joins the kernel threads.
class Running {
 public:
  explicit Running(incept_session* session) : session_(session) {}
  ~Running() { incept_session_destroy(session_); }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  // The ABI serves one call at a time. The TypeScript side queues asynchronous runs, so only a
  // `runSync` beside one ever waits here.
  template <typename Call>
  incept_status exclusively(Call&& call) {
    std::lock_guard<std::mutex> lock(mutex_);
    return call(session_);
  }

 private:
  incept_session* session_;
  std::mutex mutex_;
};

// The array that holds numbers of an incept_dtype.
struct Numbers {
  napi_typedarray_type array;
  const char* name;
};

Numbers numbersOf(incept_dtype dtype) {
  switch (dtype) {
    case INCEPT_I32:
      return {napi_int32_array, "an Int32Array"};
    case INCEPT_U8:
      return {napi_uint8_array, "a Uint8Array"};
    case INCEPT_F32:
      break;
  }
  return {napi_float32_array, "a Float32Array"};
}

Napi::Array arrayOf(const Napi::Value& value, const char* what, size_t expected) {
  if (!value.IsArray()) {
    throw Napi::TypeError::New(value.Env(), std::string(what) + " must be an array.");
  }
  const Napi::Array array = value.As<Napi::Array>();
  if (array.Length() != expected) {
    throw Napi::RangeError::New(value.Env(), std::string(what) + " has the wrong length.");
  }
  return array;
}

Napi::TypedArray typedArray(const Napi::Value& value, const std::string& what, incept_dtype dtype) {
  const Numbers numbers = numbersOf(dtype);
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != numbers.array) {
    throw Napi::TypeError::New(value.Env(), what + " must be " + numbers.name + ".");
  }
  return value.As<Napi::TypedArray>();
}

// Valid as long as nobody detaches the array.
void* dataOf(const Napi::TypedArray& array) {
  return static_cast<char*>(array.ArrayBuffer().Data()) + array.ByteOffset();
}

// A batch of numbers for each port.
std::vector<Napi::TypedArray> batchArrays(const Napi::Value& value, const char* what,
                                          const incept_port* ports, size_t count, int64_t batch) {
  const Napi::Array array = arrayOf(value, what, count);
  std::vector<Napi::TypedArray> result;
  for (uint32_t i = 0; i < count; ++i) {
    result.push_back(typedArray(array.Get(i), ports[i].name, ports[i].dtype));
    if (static_cast<int64_t>(result.back().ElementLength()) != batch * ports[i].count) {
      throw Napi::RangeError::New(value.Env(),
                                  std::string(ports[i].name) + " has the wrong number of values.");
    }
  }
  return result;
}

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

// One ABI call on a thread of libuv's pool, and the promise of its end.
class Job : public Napi::AsyncWorker {
 public:
  using Call = std::function<incept_status()>;
  using Done = std::function<void()>;

  // `kept` are the objects that `call` reads or writes: not collected before it ends. `done` is
  // called on JavaScript's thread if the call succeeded.
  static Napi::Value start(
      Napi::Env env, Call call, const std::vector<Napi::Object>& kept, Done done = [] {}) {
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
  void OnOK() override {
    done_();
    deferred_.Resolve(Env().Undefined());
  }
  void OnError(const Napi::Error&) override { deferred_.Reject(failure_.toError(Env()).Value()); }

  Napi::Promise::Deferred deferred_;
  Call call_;
  Done done_;
  std::vector<Napi::ObjectReference> kept_;
  Failure failure_;
};

// Tells the garbage collector what a small JavaScript object holds on to.
void hold(Napi::BasicEnv env, uint64_t bytes) {
  Napi::MemoryManagement::AdjustExternalMemory(env, static_cast<int64_t>(bytes));
}
void release(Napi::BasicEnv env, uint64_t bytes) {
  Napi::MemoryManagement::AdjustExternalMemory(env, -static_cast<int64_t>(bytes));
}

// `{ threads, device }`
incept_session_options readOptions(const Napi::Value& value) {
  const Napi::Object object = value.ToObject();
  incept_session_options options = INCEPT_SESSION_OPTIONS;
  options.threads = object.Get("threads").ToNumber().Int32Value();
  options.device = object.Get("device").ToNumber().Int32Value();
  return options;
}

// The network's weights, prepared once for all sessions.
class Model : public Napi::ObjectWrap<Model> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "Model",
        {InstanceMethod("load", &Model::load), InstanceMethod("dispose", &Model::dispose)});
  }

  explicit Model(const Napi::CallbackInfo& info) : ObjectWrap(info) {}

  void Finalize(Napi::BasicEnv env) override { drop(env); }

  const Weights& weights() const { return weights_; }

 private:
  // load(names, arrays): Promise<void>, once. The caller leaves the arrays alone until then.
  Napi::Value load(const Napi::CallbackInfo& info) {
    if (!info[0].IsArray()) throw Napi::TypeError::New(info.Env(), "names must be an array.");
    const Napi::Array list = info[0].As<Napi::Array>();
    const Napi::Array arrays = arrayOf(info[1], "arrays", list.Length());
    const auto names = std::make_shared<std::vector<std::string>>();
    for (uint32_t i = 0; i < list.Length(); ++i) names->push_back(list.Get(i).ToString());
    std::vector<incept_tensor> tensors;
    std::vector<Napi::Object> kept = {Value()};
    for (uint32_t i = 0; i < list.Length(); ++i) {
      const Napi::TypedArray array = typedArray(arrays.Get(i), (*names)[i], INCEPT_F32);
      tensors.push_back({(*names)[i].c_str(), static_cast<const float*>(dataOf(array)),
                         static_cast<int64_t>(array.ElementLength())});
      kept.push_back(array.As<Napi::Object>());
    }
    const auto made = std::make_shared<Weights>();
    const auto call = [names, tensors, made] {
      incept_model* model = nullptr;
      const incept_status status = incept_model_create(tensors.data(), tensors.size(), &model);
      *made = Weights(model, incept_model_destroy);
      return status;
    };
    return Job::start(info.Env(), call, kept, [this, made, env = info.Env()] {
      drop(env);
      weights_ = *made;
      hold(env, incept_describe()->weight_bytes);
    });
  }

  // A second call does nothing. Sessions go on: what they share goes with the last of them.
  Napi::Value dispose(const Napi::CallbackInfo& info) {
    drop(info.Env());
    return info.Env().Undefined();
  }

  void drop(Napi::BasicEnv env) {
    if (weights_) release(env, incept_describe()->weight_bytes);
    weights_.reset();
  }

  Weights weights_;
};

class Session : public Napi::ObjectWrap<Session> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "Session",
        {InstanceMethod("open", &Session::open), InstanceMethod("run", &Session::run),
         InstanceMethod("runSync", &Session::runSync), InstanceMethod("report", &Session::report),
         InstanceMethod("dispose", &Session::dispose)});
  }

  explicit Session(const Napi::CallbackInfo& info) : ObjectWrap(info) {}

  void Finalize(Napi::BasicEnv env) override { drop(env); }

 private:
  // open(model, { threads, device }): Promise<void>, once. A GPU's context takes a second to open.
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
    return Job::start(info.Env(), call, {Value()}, [this, made, env = info.Env()] {
      drop(env);
      running_ = *made;
      hold(env, incept_describe()->arena_bytes);
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

  // A second call does nothing. Frees at once, or when the job under way ends.
  Napi::Value dispose(const Napi::CallbackInfo& info) {
    drop(info.Env());
    return info.Env().Undefined();
  }

  void drop(Napi::BasicEnv env) {
    if (running_) release(env, incept_describe()->arena_bytes);
    running_.reset();
  }

  std::shared_ptr<Running> alive(Napi::Env env) const {
    if (!running_) throw Napi::Error::New(env, "The session is not open.");
    return running_;
  }

  std::shared_ptr<Running> running_;
};

const char* dtypeName(incept_dtype dtype) {
  switch (dtype) {
    case INCEPT_I32:
      return "i32";
    case INCEPT_U8:
      return "u8";
    case INCEPT_F32:
      break;
  }
  return "f32";
}

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
    port.Set("dtype", dtypeName(ports[i].dtype));
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

// probe({ threads, device }): Promise<void>; see incept_probe.
Napi::Value probe(const Napi::CallbackInfo& info) {
  return Job::start(info.Env(), [options = readOptions(info[0])] { return incept_probe(&options); },
                    {});
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  exports.Set("describe", Napi::Function::New(env, describe, "describe"));
  exports.Set("verify", Napi::Function::New(env, verify, "verify"));
  exports.Set("preparePicture",
              Napi::Function::New(env, incept::addon::preparePicture, "preparePicture"));
  exports.Set("probe", Napi::Function::New(env, probe, "probe"));
  exports.Set("Model", Model::define(env));
  exports.Set("Session", Session::define(env));
  return exports;
}

}  // namespace

NODE_API_MODULE(incept, initialize)
