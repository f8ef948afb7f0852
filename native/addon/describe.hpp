// `describe()`.
#pragma once

#include <cstdint>

#include "../abi/incept.h"
#include "napi.hpp"
#ifdef INCEPT_TRAIN
#include "../abi/train.h"
#endif

namespace incept::addon {

inline const char* dtypeName(incept_dtype dtype) {
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

inline Napi::Object describePort(Napi::Env env, const incept_port& port) {
  Napi::Array shape = Napi::Array::New(env, port.rank);
  for (int32_t d = 0; d < port.rank; ++d) {
    shape.Set(static_cast<uint32_t>(d), static_cast<double>(port.shape[d]));
  }
  Napi::Object result = Napi::Object::New(env);
  result.Set("name", port.name);
  result.Set("shape", shape);
  result.Set("dtype", dtypeName(port.dtype));
  return result;
}

inline Napi::Array describePorts(Napi::Env env, const incept_port* ports, size_t count) {
  Napi::Array result = Napi::Array::New(env, count);
  for (size_t i = 0; i < count; ++i) {
    result.Set(static_cast<uint32_t>(i), describePort(env, ports[i]));
  }
  return result;
}

#ifdef INCEPT_TRAIN
inline Napi::Object describeTraining(Napi::Env env) {
  const incept_train_info* training = incept_train_describe();
  Napi::Array inputs = Napi::Array::New(env, training->input_count);
  for (size_t i = 0; i < training->input_count; ++i) {
    const incept_train_port& input = training->inputs[i];
    Napi::Object port = describePort(env, input.port);
    port.Set("extent", input.extent == INCEPT_IMAGE ? "image" : "batch");
    inputs.Set(static_cast<uint32_t>(i), port);
  }
  Napi::Array results = Napi::Array::New(env, training->result_count);
  for (size_t i = 0; i < training->result_count; ++i) {
    results.Set(static_cast<uint32_t>(i), training->results[i]);
  }
  Napi::Object result = Napi::Object::New(env);
  result.Set("inputs", inputs);
  result.Set("results", results);
  result.Set("parameters", describePorts(env, training->parameters, training->parameter_count));
  result.Set("imageBytes", static_cast<double>(training->image_bytes));
  result.Set("batchBytes", static_cast<double>(training->batch_bytes));
  result.Set("threadBytes", static_cast<double>(training->thread_bytes));
  result.Set("weightBytes", static_cast<double>(training->weight_bytes));
  return result;
}
#endif

inline Napi::Value describe(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const incept_info* network = incept_describe();
  Napi::Object result = Napi::Object::New(env);
  result.Set("abiVersion", network->abi_version);
  result.Set("model", network->model);
  result.Set("target", network->target);
  result.Set("levels", network->levels);
  result.Set("maxBatch", static_cast<double>(network->max_batch));
  result.Set("inputs", describePorts(env, network->inputs, network->input_count));
  result.Set("outputs", describePorts(env, network->outputs, network->output_count));
  result.Set("parameters", describePorts(env, network->parameters, network->parameter_count));
  result.Set("arenaBytes", static_cast<double>(network->arena_bytes));
  result.Set("weightBytes", static_cast<double>(network->weight_bytes));
  result.Set("work", network->work);
#ifdef INCEPT_TRAIN
  result.Set("training", describeTraining(env));
#endif
  return result;
}

}  // namespace incept::addon
