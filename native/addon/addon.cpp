// The Node-API layer of a compiled network: `describe()`, `class Model`, `class Session` and,
// where it can be trained, `class Trainer` over the C ABI, and `preparePictures()` over
// native/picture. It is context-aware: every worker_thread
// that loads it has classes of its own, and what is shared between them is the network's constant
// description.
//
// src/runtime/ is its only caller and checks user input first; the checks here only make sure that
// a mistake there is a JavaScript error and not a crash.

#include <vector>

#include "../abi/incept.h"
#include "describe.hpp"
#include "job.hpp"
#include "model.hpp"
#include "napi.hpp"
#include "picture.hpp"
#include "session.hpp"
#ifdef INCEPT_TRAIN
#include "trainer.hpp"
#endif
#ifdef INCEPT_TIMED
#include "../abi/laps.h"
#endif

namespace incept::addon {
namespace {

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

#ifdef INCEPT_TIMED
// laps(count): number[], of the runs that were made by runSync; see incept_laps.
Napi::Value laps(const Napi::CallbackInfo& info) {
  std::vector<double> times(info[0].ToNumber().Uint32Value());
  incept_laps(times.data(), times.size());
  Napi::Array result = Napi::Array::New(info.Env(), times.size());
  for (uint32_t i = 0; i < times.size(); ++i) result.Set(i, times[i]);
  return result;
}
#endif

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  exports.Set("describe", Napi::Function::New(env, describe, "describe"));
  exports.Set("verify", Napi::Function::New(env, verify, "verify"));
  exports.Set("preparePictures", Napi::Function::New(env, preparePictures, "preparePictures"));
  exports.Set("probe", Napi::Function::New(env, probe, "probe"));
#ifdef INCEPT_READS_FILES
  exports.Set("readsFiles", true);
#endif
  exports.Set("Model", Model::define(env));
  exports.Set("Session", Session::define(env));
#ifdef INCEPT_TRAIN
  exports.Set("Trainer", Trainer::define(env));
#endif
#ifdef INCEPT_TIMED
  exports.Set("laps", Napi::Function::New(env, laps, "laps"));
#endif
  return exports;
}

}  // namespace
}  // namespace incept::addon

using incept::addon::initialize;

NODE_API_MODULE(incept, initialize)
