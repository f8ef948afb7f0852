// `class Model`.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "../abi/incept.h"
#include "job.hpp"
#include "napi.hpp"
#include "weights.hpp"

namespace incept::addon {

// The weights. Sessions that are made of them keep what they need alive by themselves.
using Weights = std::shared_ptr<incept_model>;

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
  // load(values, descriptor?): Promise<number[]>, once. The caller leaves arrays alone and keeps
  // the file open until then.
  Napi::Value load(const Napi::CallbackInfo& info) {
    const auto given = std::make_shared<GivenWeights>(info[0], info[1]);
    const auto made = std::make_shared<Weights>();
    const auto call = [given, made] {
      incept_model* model = nullptr;
      const incept_source source = given->source();
      const incept_status status = incept_model_create_from(&source, &model);
      *made = Weights(model, incept_model_destroy);
      return status;
    };
    std::vector<Napi::Object> kept = std::move(given->arrays);
    kept.push_back(Value());
    return Job::start(info.Env(), call, kept, [this, given, made](Napi::Env env) {
      drop(env);
      weights_ = *made;
      hold(env, incept_describe()->weight_bytes);
      return given->odd(env);
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

}  // namespace incept::addon
